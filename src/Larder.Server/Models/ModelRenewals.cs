using Larder.Content;
using Larder.Graphs;
using Larder.Pull;
using Larder.Server.Runtimes;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Models;

/// <summary>Asks origins for new versions, loads them beside those that answer, and switches.</summary>
/// <remarks>
/// A new version is loaded into free room first, so that the old one answers until it is there. Where there is no room for both, the
/// old one makes place: requests that come meanwhile wait for the load. A version that cannot be loaded never answers, and the old
/// one goes on, or comes back.
/// </remarks>
internal sealed class ModelRenewals(
    ModelCatalog catalog,
    ModelRuntimes runtimes,
    ModelVersions versions,
    ModelCache files,
    TimeProvider timeProvider,
    ILogger<ModelRenewals> logger
)
{
    /// <summary>Asks a model's origin, and makes what it has the version that answers.</summary>
    /// <param name="standing">The model.</param>
    /// <param name="always">Whether also an origin is asked whose versions never change.</param>
    /// <param name="cancellationToken">Ends it; what answered goes on.</param>
    /// <exception cref="LarderException">The origin could not be asked, or its version could not be loaded: what answered goes on.</exception>
    public async Task<Renewal> RenewAsync(ModelStanding standing, bool always, CancellationToken cancellationToken)
    {
        await standing.Asking.WaitAsync(cancellationToken);
        try
        {
            return await RenewAloneAsync(standing, always, cancellationToken);
        }
        finally
        {
            standing.Asking.Release();
        }
    }

    /// <summary>Unloads what answered for a model that is served no longer, as soon as nobody uses it; its files stay.</summary>
    public async Task RemoveAsync(ModelStanding standing)
    {
        var settings = standing.Settings;
        // Found before what is known of it is forgotten.
        var retirement = RetireAsync(standing);
        // Now what is idle, in whatever version; what is in use goes when it is returned.
        if (!catalog.Standings.Any(other => other.Settings.From.Equals(settings.From)))
            await runtimes.UnloadAsync(settings, CancellationToken.None);
        await retirement;
        logger.ModelRemoved(settings.Id);
    }

    /// <summary>Unloads what answered under settings that have been changed since, as soon as nobody uses it, and but for what answers still.</summary>
    public Task RetireAsync(ModelStanding standing)
    {
        var now = standing.Now;
        return Task.WhenAll(
            new[] { now.Answer, now.Previous, now.Next }
                .OfType<ServedVersion>()
                .Select(version => version.Model)
                .Append(standing.Settings)
                .Select(model => runtimes.RetireAsync(model))
        );
    }

    private async Task<Renewal> RenewAloneAsync(
        ModelStanding standing,
        bool always,
        CancellationToken cancellationToken
    )
    {
        var settings = standing.Settings;
        var (asked, start) = (timeProvider.GetUtcNow(), timeProvider.GetTimestamp());
        if (!standing.IsFollowed && runtimes.IsLoaded(settings))
            return await ReloadAsync(standing, asked, cancellationToken);
        var (stored, answer) = await AskAsync(standing, always, cancellationToken);
        using var pulled = answer;
        var filesTime = timeProvider.GetElapsedTime(start);
        var found = new ServedVersion(settings, standing.Content, pulled.Digest, asked);
        // What the next request would have been answered by, where none has been yet.
        var replaced = stored is { } old && old != pulled.Digest ? found with { Version = old } : null;
        if (!standing.IsFollowed)
            // Its requests ask for themselves, and find this version in the store.
            return new Renewal(found, replaced, pulled.Outcome, pulled.FromCache, filesTime, null);
        var version = found with { IsFixed = pulled.Outcome is PullOutcome.Hit && !always };
        if (standing.Now.AskFailure is not null)
            logger.OriginAnswersAgain(settings.Id);
        standing.Asked(version, AskTimes.AfterAnswer(version));
        versions.Signal();
        var before = standing.Now.Answer;
        if (!catalog.IsServed(standing))
            // Its settings have been changed while its origin was asked: who has them now asks for itself.
            return new Renewal(before ?? version, null, pulled.Outcome, pulled.FromCache, filesTime, null);
        var isNew = before is not null && !before.IsSameAs(version);
        ModelsMeter.CountRevalidation(isNew ? "new" : "unchanged");
        var load = before is null || isNew ? await SwitchAsync(standing, before, version, cancellationToken) : null;
        if (load is not null && !catalog.IsServed(standing))
            LeaveToOthers(standing, version);
        return new Renewal(
            standing.Now.Answer ?? version,
            before is null ? replaced
                : isNew ? before
                : null,
            pulled.Outcome,
            pulled.FromCache,
            filesTime,
            load
        );
    }

    // As a request would that finds nothing fresh: its runtime knows which version answers, and is to know of the new one.
    private async Task<Renewal> ReloadAsync(
        ModelStanding standing,
        DateTimeOffset asked,
        CancellationToken cancellationToken
    )
    {
        var settings = standing.Settings;
        var before = files.Find(settings.From, settings.Pull)?.Digest;
        var load = await runtimes.LoadAsync(
            settings with
            {
                Pull = settings.Pull with { Refresh = true, StaleIfError = false, IsUpkeep = true },
            },
            cancellationToken
        );
        var found = new ServedVersion(settings, standing.Content, load.Version, asked);
        return new Renewal(
            found,
            before is { } old && old != load.Version ? found with { Version = old } : null,
            load.Files,
            load.FilesFromCache,
            load.FilesTime,
            load
        );
    }

    /// <summary>The version that was stored, and the one that the origin has now. What fails is noted, so that it is not tried again at once.</summary>
    private async Task<(Digest? Stored, Snapshot Pulled)> AskAsync(
        ModelStanding standing,
        bool always,
        CancellationToken cancellationToken
    )
    {
        var pull = standing.Settings.Pull with
        {
            FreshFor = TimeSpan.Zero,
            Refresh = always,
            StaleIfError = false,
            IsUpkeep = true,
        };
        try
        {
            var stored = files.Find(standing.Settings.From, standing.Settings.Pull)?.Digest;
            return (stored, await files.PullAsync(standing.Settings.From, pull, cancellationToken));
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            var now = timeProvider.GetUtcNow();
            ModelsMeter.CountRevalidation("failed");
            // Once for each time that the origin goes away: it is asked every few seconds to minutes.
            if (standing.Now.AskFailure is null)
                logger.OriginNotAsked(standing.Settings.Id, failure.Message);
            standing.NotAsked(failure, now, AskTimes.AfterFailure(now, standing.Now.AskFailures));
            versions.Signal();
            throw;
        }
    }

    /// <summary>Makes a version the one that answers; null where nothing had to be loaded for it.</summary>
    private async Task<ModelLoad?> SwitchAsync(
        ModelStanding standing,
        ServedVersion? before,
        ServedVersion version,
        CancellationToken cancellationToken
    )
    {
        if (!standing.Settings.Warm && (before is null || !runtimes.IsLoaded(before.Model)))
        {
            // Nothing is in memory that it could be loaded beside: whoever asks next loads it, and has the old one to fall back on.
            standing.Switch(version, isProven: false);
            return null;
        }
        try
        {
            var start = timeProvider.GetTimestamp();
            var warmth = (await runtimes.WarmAsync([version.Upkeep], cancellationToken))[0];
            var load = warmth.Outcome switch
            {
                WarmOutcome.Failed => throw warmth.Failure!,
                WarmOutcome.NoRoom when before is null || !runtimes.IsLoaded(before.Model) => null,
                WarmOutcome.NoRoom => await ReplaceAsync(standing, before, version, cancellationToken),
                WarmOutcome.Loaded => new ModelLoad(
                    version.Version,
                    PullOutcome.Hit,
                    FilesFromCache: true,
                    GraphFromCache: false,
                    TimeSpan.Zero,
                    timeProvider.GetElapsedTime(start)
                ),
                // By somebody else, who may not be done yet.
                _ => await runtimes.LoadAsync(version.Upkeep, cancellationToken),
            };
            if (load is null)
                // It has no place of its own, and nobody else's is taken for what nobody has asked for yet.
                standing.Switch(version, isProven: false);
            if (warmth.Outcome is WarmOutcome.NoRoom)
                return load;
            standing.Switch(version, isProven: true);
            Told(standing, before, version);
            if (before is not null)
                _ = DrainAsync(standing, before);
            return load;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Who asked has left. What was found is not forgotten for that: the server goes on by itself.
            standing.AskAt(timeProvider.GetUtcNow());
            versions.Signal();
            throw;
        }
        catch (Exception failure)
            when (!cancellationToken.IsCancellationRequested && failure is GraphRoomException or GraphBusyException)
        {
            // That says nothing of the version: who asks for it next loads it, when there is room.
            logger.NoRoomYet(standing.Settings.Id, version.Version, failure.Message);
            throw;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            await RefuseAsync(standing, before, version, failure, cancellationToken);
            throw;
        }
    }

    private async Task RefuseAsync(
        ModelStanding standing,
        ServedVersion? before,
        ServedVersion version,
        Exception failure,
        CancellationToken cancellationToken
    )
    {
        // Once for each version: it is tried again with each question to the origin.
        var isKnown = standing.Now is { Next: { } refused, NextFailure: not null } && refused.IsSameAs(version);
        var isBack = standing.Reject(version, failure, timeProvider.GetUtcNow());
        ModelsMeter.CountSwitch("failed");
        if (before is null)
            return;
        if (!isKnown)
            logger.VersionRefused(standing.Settings.Id, version.Version, before.Version, failure);
        if (isBack && standing.Settings.Warm && catalog.IsServed(standing))
            await runtimes.WarmAsync([before.Upkeep], cancellationToken);
    }

    /// <summary>Loads a version where the one before was, there being no room for both.</summary>
    private async Task<ModelLoad> ReplaceAsync(
        ModelStanding standing,
        ServedVersion? before,
        ServedVersion version,
        CancellationToken cancellationToken
    )
    {
        // First the switch: from here on nobody new comes to the old one, and it is idle as soon as its last request is answered.
        standing.Switch(version, isProven: false);
        if (before is not null)
        {
            logger.NoRoomForBoth(standing.Settings.Id, before.Version, version.Version);
            await runtimes.RetireAsync(before.Model, cancellationToken);
        }
        var load = await runtimes.LoadAsync(version.Upkeep, cancellationToken);
        standing.Prove(version);
        if (before is not null)
            standing.Drained(before);
        Told(standing, before, version);
        return load;
    }

    /// <summary>Gives what was loaded for settings that have been changed meanwhile to those that are in force.</summary>
    private void LeaveToOthers(ModelStanding standing, ServedVersion version)
    {
        if (catalog.Find(standing.Settings.Id) is { IsFollowed: true } now && now.Content == standing.Content)
        {
            now.AskAt(timeProvider.GetUtcNow());
            versions.Signal();
            return;
        }
        runtimes.RetireLater(version.Model);
    }

    private void Told(ModelStanding standing, ServedVersion? before, ServedVersion version)
    {
        ModelsMeter.CountSwitch("switched");
        if (before is not null)
            logger.VersionSwitched(standing.Settings.Id, version.Version, before.Version);
    }

    private async Task DrainAsync(ModelStanding standing, ServedVersion version)
    {
        try
        {
            await runtimes.RetireAsync(version.Model);
            standing.Drained(version);
        }
        catch (Exception failure) when (failure is LarderException or ObjectDisposedException)
        {
            // The server is being stopped, and unloads everything; or the store cannot be read, and the graph goes when its room is needed.
        }
    }
}
