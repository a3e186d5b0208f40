using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Larder.Graphs;

/// <summary>Tells handlers what happened, one event after the other, and out of the way of what the cache does.</summary>
/// <remarks>A handler that is slow, waits for the cache or fails holds up later events and nothing else.</remarks>
internal sealed class EventPump
{
    private readonly object _sender;
    private readonly ILogger _logger;
    private readonly Channel<(EventHandler<GraphEventArgs> Handlers, GraphEventArgs What)> _events =
        Channel.CreateUnbounded<(EventHandler<GraphEventArgs>, GraphEventArgs)>(
            new UnboundedChannelOptions { SingleReader = true }
        );

    // Set for what handlers call: who ends the cache from there must not wait for himself.
    private readonly AsyncLocal<bool> _isHandler = new();
    private readonly Lazy<Task> _pump;

    public EventPump(object sender, ILogger logger)
    {
        _sender = sender;
        _logger = logger;
        // Only a cache that somebody listens to has one.
        _pump = new Lazy<Task>(() => Detached.Do(() => Task.Run(RunAsync)));
    }

    public void Post(EventHandler<GraphEventArgs> handlers, GraphEventArgs what)
    {
        if (_events.Writer.TryWrite((handlers, what)))
            _ = _pump.Value;
    }

    /// <summary>Ends with the last event, told; or at a deadline, since a handler may never come back.</summary>
    public async Task EndAsync(TimeSpan deadline, TimeProvider timeProvider)
    {
        _events.Writer.TryComplete();
        if (!_pump.IsValueCreated || _isHandler.Value)
            return;
        await _pump.Value.WaitAsync(deadline, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync()
    {
        _isHandler.Value = true;
        await foreach (var (handlers, what) in _events.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            foreach (var handler in Delegate.EnumerateInvocationList(handlers))
                Tell(handler, what);
        }
    }

    private void Tell(EventHandler<GraphEventArgs> handler, GraphEventArgs what)
    {
        try
        {
            handler(_sender, what);
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(_logger, exception, what.Kind, what.Key);
        }
    }
}
