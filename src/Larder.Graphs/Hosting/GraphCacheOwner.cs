using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Larder.Graphs.Hosting;

/// <summary>Makes the cache of a container, and gives it its options whenever they change.</summary>
/// <remarks>The container disposes the cache by itself, after this: later changes then have no one to go to.</remarks>
internal sealed class GraphCacheOwner : IDisposable
{
    private readonly IDisposable? _changes;

    public GraphCacheOwner(IOptionsMonitor<GraphCacheOptions> options, IServiceProvider services)
    {
        var logger = services.GetService<ILogger<GraphCache>>() ?? NullLogger<GraphCache>.Instance;
        Cache = new GraphCache(options.CurrentValue, services.GetService<TimeProvider>(), logger);
        _changes = options.OnChange(changed => TakeOver(changed, logger));
    }

    public GraphCache Cache { get; }

    public void Dispose() => _changes?.Dispose();

    private void TakeOver(GraphCacheOptions changed, ILogger logger)
    {
        try
        {
            Cache.Reconfigure(changed);
        }
        catch (Exception exception) when (exception is ArgumentException or ObjectDisposedException)
        {
            Log.OptionsRefused(logger, exception);
        }
    }
}
