using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Larder.Store.Usage;
using Larder.Telemetry;
using Microsoft.Extensions.Logging;

namespace Larder.Pull;

/// <summary>Decides what a pull needs, and does it once for all who ask.</summary>
internal sealed class Puller(
    LocalStore store,
    StoreLayers layers,
    OriginSet origins,
    TeamPull work,
    RunningPulls running,
    TimeProvider timeProvider,
    ILogger logger
)
{
    // Each turn somebody removed what the one before had made. More than a few in a row is a fault, not a race.
    private const int MaxTurns = 5;

    // Who asks for a refresh boards only flights that ask the origin.
    private readonly SingleFlight<FlightKey, PullReport> _flights = new();

    /// <summary>A fresh and whole snapshot, at once; null when there is more to do.</summary>
    /// <remarks>
    /// Not asynchronous, as most pulls are answered here: a short process compiles every asynchronous method anew when it
    /// is first called.
    /// </remarks>
    public Snapshot? TryHit(ModelReference reference, PullOptions options)
    {
        var start = timeProvider.GetTimestamp();
        var key = PullRequest.KeyOf(reference, options);
        var entry = layers.Find(key)?.Entry;
        if (WantedDigest(entry, options) is not { } digest || layers.TryOpenWholeSnapshot(digest) is not { } stored)
            return null;
        return HandOut(reference, key, options, Hit(digest, entry), stored, start);
    }

    /// <summary>Does whatever a pull needs.</summary>
    public async Task<Snapshot> PullAsync(
        ModelReference reference,
        PullOptions options,
        CancellationToken cancellationToken
    )
    {
        var start = timeProvider.GetTimestamp();
        var key = PullRequest.KeyOf(reference, options);
        var (report, stored) = await ResolveAsync(reference, key, options, cancellationToken).ConfigureAwait(false);
        return HandOut(reference, key, options, report, stored, start);
    }

    private Snapshot HandOut(
        ModelReference reference,
        EntryKey key,
        PullOptions options,
        PullReport report,
        StoredSnapshot stored,
        long start
    )
    {
        var snapshot = new Snapshot(
            reference,
            key,
            stored,
            report,
            timeProvider.GetElapsedTime(start),
            () => SourceOf(key, stored.Manifest.Digest)
        );
        if (!options.IsUpkeep || !snapshot.FromCache)
        {
            store.Touch(key);
            Record(key, snapshot, report);
            PullMeter.Count(report, snapshot.Duration);
        }
        return snapshot;
    }

    private EntrySource? SourceOf(EntryKey key, Digest version) =>
        layers.Find(key)?.Entry is { } entry && entry.Manifest == version ? entry.Source : null;

    private async Task<Held> ResolveAsync(
        ModelReference reference,
        EntryKey key,
        PullOptions options,
        CancellationToken cancellationToken
    )
    {
        if (await TryHitAsync(key, options, cancellationToken).ConfigureAwait(false) is { } hit)
            return hit;
        if (options.Offline)
            throw NotCachedException.Of(reference, options);

        try
        {
            return await FlyUntilHeldAsync(reference, key, options, cancellationToken).ConfigureAwait(false);
        }
        catch (OriginException down)
            when (down.Failure == OriginFailure.Unavailable && options is { StaleIfError: true, Digest: null })
        {
            // Here and not in the flight: each of those who share one decides by its own options.
            if (await TryStaleAsync(key, cancellationToken).ConfigureAwait(false) is not { } stale)
                throw;
            logger.ServedStale(reference.Text, down.Message);
            return stale;
        }
    }

    private async Task<Held> FlyUntilHeldAsync(
        ModelReference reference,
        EntryKey key,
        PullOptions options,
        CancellationToken cancellationToken
    )
    {
        var origin = origins.For(reference);
        var came = timeProvider.GetTimestamp();
        for (var turn = 0; turn < MaxTurns; turn++)
        {
            var isOwn = false;
            var report = await _flights
                .RunAsync(
                    new FlightKey(key, options.Digest, options.Refresh, options.Adopt is { TrustsSizes: true }),
                    token =>
                    {
                        isOwn = true;
                        return FlyAsync(origin, reference, key, options, token);
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            // A flight that others began may have asked the origin before this caller came.
            if (options.Refresh && report.AskedAt < came)
                continue;
            var stored = await layers.TryOpenSnapshotAsync(report.Manifest, cancellationToken).ConfigureAwait(false);
            if (stored is not null)
                return new Held(report with { IsOwn = isOwn }, stored);
        }
        throw new StoreException(
            store.Root,
            $"'{reference}' was pulled {MaxTurns} times and removed each time before it could be used. Find out what clears the store '{store.Root}'."
        );
    }

    private async Task<Held?> TryStaleAsync(EntryKey key, CancellationToken cancellationToken)
    {
        if (
            layers.Find(key)?.Entry is not { } entry
            || await layers.TryOpenSnapshotAsync(entry.Manifest, cancellationToken).ConfigureAwait(false)
                is not { } stored
        )
            return null;
        return new Held(Answer(entry, PullOutcome.Stale), stored);
    }

    /// <summary>A snapshot that may answer without the origin being asked.</summary>
    private async Task<Held?> TryHitAsync(EntryKey key, PullOptions options, CancellationToken cancellationToken)
    {
        var entry = layers.Find(key)?.Entry;
        if (WantedDigest(entry, options) is not { } digest)
            return null;
        if (await layers.TryOpenSnapshotAsync(digest, cancellationToken).ConfigureAwait(false) is not { } stored)
            return null;
        return new Held(Hit(digest, entry), stored);
    }

    private static PullReport Hit(Digest digest, StoreEntry? entry) =>
        new(digest, PullOutcome.Hit) { TimeToGet = entry?.Duration ?? TimeSpan.Zero };

    // A version that is named never changes: it needs no freshness, and may be another than the entry's.
    private Digest? WantedDigest(StoreEntry? entry, PullOptions options) =>
        options.Digest ?? FreshDigest(entry, options);

    private Digest? FreshDigest(StoreEntry? entry, PullOptions options) =>
        entry is not null && (options.Offline || Freshness.IsFresh(entry, options, timeProvider.GetUtcNow()))
            ? entry.Manifest
            : null;

    /// <summary>The work of one flight: first in this process, then alone among all processes.</summary>
    private async Task<PullReport> FlyAsync(
        IOrigin origin,
        ModelReference reference,
        EntryKey key,
        PullOptions options,
        CancellationToken cancellationToken
    )
    {
        var began = timeProvider.GetUtcNow();
        var askedAt = timeProvider.GetTimestamp();
        using var pull = running.Begin(reference.Text, options.Progress);
        var job = new PullJob(origin, reference, key, options with { Progress = pull });
        while (true)
        {
            using var flight = await FlightLock
                .AcquireAsync(store.FlightPath(key, options.Digest), cancellationToken)
                .ConfigureAwait(false);
            // Another process may have done it while this one waited: after a look at the store, a wait is a hit.
            if (await TryLandedAsync(key, options, began, cancellationToken).ConfigureAwait(false) is { } landed)
                return landed with { AskedAt = askedAt };
            if (flight is not null)
            {
                return await LeaveFailureAsync(flight, () => work.RunAsync(job, cancellationToken))
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>Runs the work and, if it fails, leaves the failure to the processes that wait for it.</summary>
    private async Task<PullReport> LeaveFailureAsync(FlightLock flight, Func<Task<PullReport>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (LarderException failure)
        {
            flight.Fail(failure);
            throw;
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            var translated = StoreFailure.Translate(failure, store);
            flight.Fail(translated);
            throw translated;
        }
    }

    private async Task<PullReport?> TryLandedAsync(
        EntryKey key,
        PullOptions options,
        DateTimeOffset began,
        CancellationToken cancellationToken
    )
    {
        // Who asked for a refresh is content with one that began after he asked, whoever made it.
        var effective =
            options.Refresh && layers.Find(key)?.Entry is { } entry && entry.Checked > began
                ? options with
                {
                    Refresh = false,
                }
                : options;
        var hit = await TryHitAsync(key, effective, cancellationToken).ConfigureAwait(false);
        hit?.Stored.Dispose();
        return hit?.Report;
    }

    private static PullReport Answer(StoreEntry entry, PullOutcome outcome) =>
        new(entry.Manifest, outcome) { TimeToGet = entry.Duration };

    private void Record(EntryKey key, Snapshot snapshot, PullReport report)
    {
        var timeSaved = report.TimeToGet - snapshot.Duration;
        store.Usage.Append(
            new UsageRecord
            {
                Time = timeProvider.GetUtcNow(),
                Key = key.Digest,
                Hit = snapshot.FromCache,
                BytesFetched = report.IsOwn ? snapshot.BytesFetched : 0,
                BytesSaved = Math.Max(0, snapshot.Manifest.SizeBytes - snapshot.BytesFetched),
                TimeSaved = snapshot.FromCache && timeSaved > TimeSpan.Zero ? timeSaved : TimeSpan.Zero,
            }
        );
    }

    // Classes, where tuples would do: generics over structs are compiled anew in each process, and a hit is over before that.
    private sealed record FlightKey(EntryKey Key, Digest? Digest, bool Refresh, bool TrustsSizes);

    private sealed record Held(PullReport Report, StoredSnapshot Stored);
}
