using System.Runtime.ExceptionServices;

namespace Larder.Transfer;

/// <summary>Runs the connections of one transfer: a fixed number, or as many as make it faster.</summary>
/// <remarks>
/// Of as many as make it faster there are four at first. After a second half as many more are added, and again as long as
/// a second with more brought a tenth more bytes than the one before; those that did not help end with what they are at.
/// </remarks>
internal sealed class ConnectionPool(TransferSettings settings, TimeProvider timeProvider)
{
    private const double WorthWhile = 1.1;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<Task> _connections = [];
    private int _running;
    private int _wanted = settings.FirstConnections;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Runs until nothing is left to do, or one of them fails.</summary>
    /// <param name="work">The work of one connection, with a question that it asks between two parts: whether it is to go on.</param>
    /// <param name="arrivedBytes">How many bytes have come over all of them.</param>
    /// <param name="cancellationToken">Ends them all.</param>
    public async Task RunAsync(
        Func<Func<bool>, CancellationToken, Task> work,
        Func<long> arrivedBytes,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        for (var i = 0; i < settings.FirstConnections; i++)
            Start(work, stop);
        if (settings.IsAdaptive)
            await GrowAsync(work, arrivedBytes, stop).ConfigureAwait(false);
        await Task.WhenAll(_connections).ConfigureAwait(false);
        _failure?.Throw();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task GrowAsync(
        Func<Func<bool>, CancellationToken, Task> work,
        Func<long> arrivedBytes,
        CancellationTokenSource stop
    )
    {
        var before = -1L;
        while (true)
        {
            var bytes = arrivedBytes();
            await Task.WhenAny(Task.WhenAll(_connections), Task.Delay(Step, timeProvider, stop.Token))
                .ConfigureAwait(false);
            bytes = arrivedBytes() - bytes;
            lock (_lock)
            {
                // Where some have ended there is no part left for more.
                if (stop.IsCancellationRequested || _running < _wanted)
                    return;
                if (before >= 0 && bytes < before * WorthWhile)
                {
                    _wanted = Math.Max(settings.FirstConnections, _wanted * 2 / 3);
                    return;
                }
                if (_wanted == TransferSettings.MostAdaptive)
                    return;
                _wanted = Math.Min(TransferSettings.MostAdaptive, _wanted * 3 / 2);
            }
            before = bytes;
            while (_connections.Count < _wanted)
                Start(work, stop);
        }
    }

    private void Start(Func<Func<bool>, CancellationToken, Task> work, CancellationTokenSource stop)
    {
        Interlocked.Increment(ref _running);
        _connections.Add(Task.Run(() => WorkAsync(work, stop), CancellationToken.None));
    }

    private async Task WorkAsync(Func<Func<bool>, CancellationToken, Task> work, CancellationTokenSource stop)
    {
        var isRetired = false;
        try
        {
            await work(IsWanted, stop.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            await stop.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Another failed, or the caller had enough: he is told so once all have ended.
        }
        finally
        {
            if (!isRetired)
                Interlocked.Decrement(ref _running);
        }

        bool IsWanted()
        {
            lock (_lock)
            {
                if (isRetired || _running <= _wanted)
                    return !isRetired;
                isRetired = true;
                _running--;
                return false;
            }
        }
    }
}
