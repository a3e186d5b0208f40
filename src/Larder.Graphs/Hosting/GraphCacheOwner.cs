using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Larder.Graphs.Hosting;

/// <summary>Makes the cache of a container, and gives it its options whenever they change.</summary>
/// <remarks>The container disposes the cache by itself, after this: later changes then have no one to go to.</remarks>
internal sealed class GraphCacheOwner : IDisposable
{
    private readonly IDisposable? _changes;

    public GraphCacheOwner(IOptionsMonitor<GraphCacheOptions> options, IServiceProvider services)
    {
        Cache = new GraphCache(
            options.CurrentValue,
            services.GetService<TimeProvider>(),
            services.GetService<ILogger<GraphCache>>()
        );
        _changes = options.OnChange(
            (changed, name) =>
            {
                if (name == Options.DefaultName)
                    TakeOver(changed);
            }
        );
    }

    public GraphCache Cache { get; }

    public void Dispose() => _changes?.Dispose();

    private void TakeOver(GraphCacheOptions changed)
    {
        try
        {
            Cache.Reconfigure(changed);
        }
        catch (ObjectDisposedException)
        {
            // The change and the end of the container have met.
        }
    }
}
