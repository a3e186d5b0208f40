using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Sharing;

/// <summary>A lease object that is one's own, written again every third of its time until it is disposed.</summary>
internal sealed class LeaseHold : IAsyncDisposable
{
    private readonly PatientStore _store;
    private readonly EntryKey _key;
    private readonly string _owner;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewal;

    // The renewal's alone until it has ended, then the disposal's.
    private SharedObject? _mine;
    private long _beat;
    private int _isDisposed;

    public LeaseHold(
        PatientStore store,
        EntryKey key,
        string owner,
        SharedObject mine,
        TimeProvider time,
        ILogger logger
    )
    {
        _store = store;
        _key = key;
        _owner = owner;
        _mine = mine;
        _logger = logger;
        using (ExecutionContext.SuppressFlow())
            _renewal = RenewAsync(time);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        await _ended.CancelAsync().ConfigureAwait(false);
        await _renewal.ConfigureAwait(false);
        _ended.Dispose();
        if (_mine is not { } mine)
            return;
        _mine = null;
        try
        {
            // Only what is still as one has written it: another's stays.
            await _store
                .AskAsync(
                    SharedDirection.Remove,
                    (shared, token) => shared.TryDeleteAsync(mine, token),
                    CancellationToken.None
                )
                .ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SharedStoreException or ObjectDisposedException)
        {
            // Has been warned of. Nobody renews it any more, so that it is taken over in its time.
        }
    }

    private async Task RenewAsync(TimeProvider time)
    {
        try
        {
            using var timer = new PeriodicTimer(SharedLeases.TimeToLive / 3, time);
            while (_mine is not null && await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
                await RenewOnceAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It has been given back.
        }
        catch (ObjectDisposedException)
        {
            // The cache has ended before its lease.
        }
    }

    // Not broken off when the lease is given back: of a write whose answer nobody waited for one does not know what is there,
    // and so could not remove it. The store's patience bounds it.
    private async Task RenewOnceAsync()
    {
        try
        {
            var renewed = await _store
                .AskAsync(
                    SharedDirection.Write,
                    (shared, token) =>
                        shared.TryWriteAsync(
                            _mine!.Name,
                            LeaseDocument.Write(_owner, ++_beat),
                            SharedCondition.Unchanged(_mine),
                            token
                        ),
                    CancellationToken.None
                )
                .ConfigureAwait(false);
            // A renewal whose answer was lost has changed it too: it is one's own then all the same.
            _mine = renewed ?? await ReadOwnAsync(_mine!.Name).ConfigureAwait(false);
            if (_mine is null)
                _logger.LeaseLost(_key);
        }
        catch (SharedStoreException)
        {
            // Has been warned of; the next turn may still be in time.
        }
    }

    private async Task<SharedObject?> ReadOwnAsync(string name)
    {
        var document = await _store
            .AskAsync(
                SharedDirection.Write,
                (shared, token) => shared.TryReadAsync(name, LeaseDocument.MostBytes, token),
                CancellationToken.None
            )
            .ConfigureAwait(false);
        return document is not null && LeaseDocument.OwnerOf(document.Content) == _owner ? document.Seen : null;
    }
}
