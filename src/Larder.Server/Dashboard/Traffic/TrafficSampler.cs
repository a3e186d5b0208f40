using Larder.Graphs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Dashboard.Traffic;

/// <summary>Looks at the counters of both caches every few seconds, for as long as the server runs.</summary>
internal sealed class TrafficSampler(
    ModelCache files,
    GraphCache graphs,
    TrafficHistory history,
    TimeProvider timeProvider,
    ILogger<TrafficSampler> logger
) : BackgroundService
{
    /// <summary>Six looks go into the shortest bar, so that none seems to have twice its share.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private bool _hasFailed;

    /// <summary>Takes a sample now.</summary>
    public void Sample()
    {
        try
        {
            history.Add(
                timeProvider.GetUtcNow(),
                CacheCounts.Of(files.GetStatistics().Cache, graphs.GetStatistics().Cache)
            );
            _hasFailed = false;
        }
        catch (Exception failure)
        {
            // A store that cannot be read is told of once; the next look may find it well. What leaves a background service,
            // foreseen or not, would stop the whole server.
            if (!_hasFailed)
                logger.NotSampled(failure.Message);
            _hasFailed = true;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, timeProvider);
            do Sample();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that is disposed without having been stopped would call this a failure.
        }
    }
}
