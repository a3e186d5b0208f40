using Larder.Graphs;
using Larder.Server.Runtimes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Server;

/// <summary>Pulls and loads the models that are to be warm, after the server has started and before it says that it is ready.</summary>
internal sealed class WarmUp(ModelCatalog catalog, ModelRuntimes runtimes, ILogger<WarmUp> logger) : BackgroundService
{
    private volatile bool _isDone;

    /// <summary>Whether every model was tried.</summary>
    public bool IsDone => _isDone;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var warm = catalog.All.Where(model => model.Warm).ToList();
        try
        {
            var warmths = await runtimes.WarmAsync(warm, stoppingToken);
            foreach (var (model, warmth) in warm.Zip(warmths))
                Tell(model.Id, warmth);
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            // Models that cannot be had must not keep the others from being served, whatever the reason: a failure that
            // leaves a background service stops the whole server.
            logger.WarmUpEnded(failure);
        }
        _isDone = true;
    }

    private void Tell(string id, GraphWarmth warmth)
    {
        if (warmth.Failure is { } failure)
            logger.NotWarmed(id, failure.Message);
        else if (warmth.Outcome is WarmOutcome.NoRoom)
            logger.NotWarmed(
                id,
                "The graphs that were loaded before leave it no room; raise graphs.max_graphs or graphs.max_bytes."
            );
        else
            logger.Warmed(id);
    }
}
