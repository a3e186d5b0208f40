using Larder.Graphs;
using Larder.Origins;
using Larder.Server.Configuration;
using Larder.Server.Models;
using Larder.Server.Runtimes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Server;

/// <summary>Pulls and loads the models that are to be warm, after the server has started and before it says that it is ready.</summary>
internal sealed class WarmUp(
    WarmUpSettings settings,
    ModelCatalog catalog,
    ModelRuntimes runtimes,
    ModelVersions versions,
    GraphCache graphs,
    TimeProvider timeProvider,
    ILogger<WarmUp> logger
) : BackgroundService
{
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _isDone;
    private bool _isDisposed;

    /// <summary>Whether every model was tried, or nobody is to wait for it.</summary>
    public bool IsDone => _isDone || !settings.ReadyAfter;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stops = stoppingToken.Register(_stopping.Cancel);
        await LoadAsync([.. catalog.Standings.Where(standing => standing.Settings.Warm)]);
        if (settings.ByUse && !stoppingToken.IsCancellationRequested)
            await LoadUsedAsync(stoppingToken);
        _isDone = true;
    }

    // The container has it twice, by its own name and as a service, and disposes both.
    public override void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _stopping.Cancel();
        base.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Pulls and loads models into free room; never fails.</summary>
    public async Task LoadAsync(IReadOnlyList<ModelStanding> models)
    {
        try
        {
            var warmths = await runtimes.WarmAsync([.. models.Select(model => model.Settings)], _stopping.Token);
            foreach (var (model, warmth) in models.Zip(warmths))
                Note(model, warmth);
        }
        catch (Exception failure)
        {
            // Models that cannot be had must not keep the others from being served, whatever the reason: a failure that
            // leaves a background service stops the whole server.
            if (!_stopping.IsCancellationRequested)
                logger.WarmUpEnded(failure);
        }
    }

    /// <summary>Loads what saved most time in the last run, from what is stored: nothing is fetched for it.</summary>
    private async Task LoadUsedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var used = catalog
                .Standings.Where(standing => !standing.Settings.Warm)
                .Select(standing => (standing, Worth: WorthOf(standing.Settings)))
                .Where(known => known.Worth > 0)
                .OrderByDescending(known => known.Worth)
                .Select(known => known.standing)
                .ToList();
            var warmths = await runtimes.WarmAsync(
                [.. used.Select(standing => StoredOnly(standing.Settings))],
                cancellationToken
            );
            foreach (var (model, warmth) in used.Zip(warmths))
            {
                if (warmth.Outcome is not WarmOutcome.Loaded)
                    continue;
                logger.Warmed(model.Settings.Id);
                model.Expect(timeProvider.GetUtcNow());
                versions.Learn(model);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            logger.WarmUpEnded(failure);
        }
    }

    private double WorthOf(ServedModel model) =>
        runtimes.TryFindGraph(StoredOnly(model)) is { } key ? graphs.Describe(key).Worth : 0;

    private static ServedModel StoredOnly(ServedModel model) =>
        model with
        {
            Pull = model.Pull with { Offline = true },
        };

    private void Note(ModelStanding model, GraphWarmth warmth)
    {
        var id = model.Settings.Id;
        if (!catalog.IsServed(model))
        {
            // Its settings have been changed while it was loaded.
            runtimes.RetireLater(model.Settings);
            return;
        }
        switch (warmth.Outcome)
        {
            case WarmOutcome.Failed:
                logger.NotWarmed(id, warmth.Failure!.Message);
                var now = timeProvider.GetUtcNow();
                var askAt = AskTimes.AfterFailure(now, failures: 0);
                if (warmth.Failure is OriginException)
                    model.NotAsked(warmth.Failure, now, askAt);
                else
                    model.AskAt(askAt);
                versions.Signal();
                break;
            case WarmOutcome.NoRoom:
                logger.NotWarmed(
                    id,
                    "The graphs that were loaded before leave it no room; raise graphs.max_graphs or graphs.max_bytes."
                );
                break;
            default:
                logger.Warmed(id);
                versions.Learn(model);
                break;
        }
    }
}
