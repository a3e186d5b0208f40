using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Larder.Pull;

/// <summary>What is being sent to a shared store while those who pulled it go on.</summary>
/// <remarks>
/// Owned by its cache, which waits for all of it when it is flushed and stops it when it is disposed. What was stopped is no
/// loss: the next pull that asks the origin finds it missing there and sends it.
/// </remarks>
internal sealed class Publications(ILogger logger) : IDisposable
{
    // They share one connection to one store: more at once would be no faster, and hold more snapshots.
    private const int MostAtOnce = 2;

    [SuppressMessage(
        "Usage",
        "CA2213",
        Justification = "Nothing in it needs it, and what is under way gives its turn back."
    )]
    private readonly SemaphoreSlim _turns = new(MostAtOnce);

    [SuppressMessage("Usage", "CA2213", Justification = "What is under way has still to see that it is cancelled.")]
    private readonly CancellationTokenSource _stop = new();

    private readonly Lock _lock = new();

    // Under the lock.
    private readonly HashSet<Task> _underWay = [];

    /// <summary>Begins a publication.</summary>
    /// <param name="reference">Of what, for messages.</param>
    /// <param name="publish">Does it.</param>
    /// <param name="end">Gives back what it holds, whatever became of it.</param>
    public void Begin(string reference, Func<CancellationToken, Task> publish, Func<ValueTask> end)
    {
        lock (_lock)
        {
            var task = Task.Run(() => RunAsync(reference, publish, end), CancellationToken.None);
            _underWay.Add(task);
            _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Waits for all that have begun.</summary>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.WhenAll(_underWay).WaitAsync(cancellationToken);
    }

    public void Dispose() => _stop.Cancel();

    private void Forget(Task task)
    {
        lock (_lock)
            _underWay.Remove(task);
    }

    private async Task RunAsync(string reference, Func<CancellationToken, Task> publish, Func<ValueTask> end)
    {
        try
        {
            await _turns.WaitAsync(_stop.Token).ConfigureAwait(false);
            try
            {
                await publish(_stop.Token).ConfigureAwait(false);
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            logger.NotPublished(reference, "the cache was closed first");
        }
        // The end of the line: whoever pulled has had his answer, and the files are good.
        catch (Exception failure)
        {
            logger.NotPublished(reference, failure.Message);
        }
        finally
        {
            await end().ConfigureAwait(false);
        }
    }
}
