using System.Diagnostics;
using Larder.Onnx.Serving;
using Larder.Server.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Server;

/// <summary>Pulls and loads the models that are to be warm, after the server has started and before it says that it is ready.</summary>
internal sealed class WarmUp(ModelCatalog catalog, OnnxModels models, ILogger<WarmUp> logger) : BackgroundService
{
    private volatile bool _isDone;

    /// <summary>Whether every model was tried.</summary>
    public bool IsDone => _isDone;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var model in catalog.All.Where(model => model.Warm))
            await WarmAsync(model, stoppingToken);
        _isDone = true;
    }

    private async Task WarmAsync(ServedModel model, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await using var lease = await models.RentAsync(ModelCatalog.RequestFor(model), cancellationToken);
            logger.Warmed(model.Id, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // One model that cannot be had must not keep the others from being served, whatever the reason: a failure that
            // leaves a background service stops the whole server.
            logger.NotWarmed(model.Id, failure.Message);
        }
    }
}
