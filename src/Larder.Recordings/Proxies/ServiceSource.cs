namespace Larder.Recordings.Proxies;

/// <summary>The service behind a proxy, made when the first call needs it.</summary>
/// <param name="make">Makes it; one that fails is asked again by the next call.</param>
/// <param name="isOwned">Whether it is disposed with the proxy.</param>
internal sealed class ServiceSource(Func<object> make, bool isOwned)
{
    private readonly Lock _lock = new();
    private object? _service;
    private bool _hasEnded;

    /// <summary>The service.</summary>
    public object Service
    {
        get
        {
            // Under the lock, so that a model is loaded once: callers wait for it as they would for a container's singleton.
            lock (_lock)
            {
                // Nobody would end one that is made now.
                ObjectDisposedException.ThrowIf(_hasEnded && _service is null, typeof(ServiceSource));
                return _service ??= make();
            }
        }
    }

    /// <summary>Whether there is one.</summary>
    public bool IsMade
    {
        get
        {
            lock (_lock)
                return _service is not null;
        }
    }

    /// <summary>A service that is there.</summary>
    public static ServiceSource Of(object instance, bool isOwned = false) =>
        new(() => instance, isOwned) { _service = instance };

    public void Dispose()
    {
        switch (Taken())
        {
            case IDisposable service:
                service.Dispose();
                break;
            case IAsyncDisposable:
                lock (_lock)
                    _hasEnded = false;
                throw new InvalidOperationException(
                    "The recorded service can only be disposed asynchronously: use 'await using', or DisposeAsync."
                );
        }
    }

    public async ValueTask DisposeAsync()
    {
        switch (Taken())
        {
            case IAsyncDisposable service:
                await service.DisposeAsync().ConfigureAwait(false);
                break;
            case IDisposable service:
                service.Dispose();
                break;
        }
    }

    // What was never made needs no end, and what is the caller's is the caller's to end.
    private object? Taken()
    {
        lock (_lock)
        {
            if (!isOwned || _hasEnded)
                return null;
            _hasEnded = true;
            return _service;
        }
    }
}
