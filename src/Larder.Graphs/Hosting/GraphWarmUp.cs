using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Graphs.Hosting;

/// <summary>Warms a cache when its host has started; what cannot be loaded is logged, and does not stop the host.</summary>
internal sealed class GraphWarmUp(IServiceProvider services, Func<IServiceProvider, IEnumerable<GraphRequest>> requests)
    : BackgroundService
{
    private readonly ILogger _logger = services.GetService<ILogger<GraphCache>>() ?? NullLogger<GraphCache>.Instance;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var cache = services.GetRequiredService<GraphCache>();
            foreach (var warmth in await cache.WarmAsync(requests(services), stoppingToken).ConfigureAwait(false))
            {
                if (warmth.Failure is { } failure)
                    Log.WarmUpFailed(_logger, failure, warmth.Key);
                else
                    Log.WarmedUp(_logger, warmth.Key, warmth.Outcome);
            }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Log.WarmUpEnded(_logger, exception);
        }
    }
}
