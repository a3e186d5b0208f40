using Larder.Content;

namespace Larder.Sharing.Administration;

/// <summary>One pruning of a shared store.</summary>
internal sealed class SharedPruner(
    ISharedStore store,
    SharedListing listing,
    SharedPruneOptions options,
    DateTimeOffset now,
    IProgress<WorkProgress>? progress
)
{
    private readonly List<SharedEntrySummary> _removed = [];
    private long _kept;

    public async Task<SharedPruneResult> RunAsync(CancellationToken cancellationToken)
    {
        // First of all, so that what is sent from now on is not even looked at.
        var blobs = await OldAsync(SharedNames.Blobs, cancellationToken).ConfigureAwait(false);
        var manifests = await OldAsync(SharedNames.Manifests, cancellationToken).ConfigureAwait(false);
        var entries = await EntriesAsync(cancellationToken).ConfigureAwait(false);
        var victims = await VictimsAsync(entries, cancellationToken).ConfigureAwait(false);
        foreach (var victim in victims)
        {
            await RemoveAsync(victim, cancellationToken).ConfigureAwait(false);
            Tell(_removed.Count + _kept, victims.Count);
        }

        // Once more: what was published meanwhile needs its blobs, whoever it shares them with.
        var left = options.DryRun
            ? entries.Except(victims).ToList()
            : await EntriesAsync(cancellationToken).ConfigureAwait(false);
        var reached = await SharedReach.OfAsync(listing, left, cancellationToken).ConfigureAwait(false);
        var (blobCount, freed) = await RemoveAsync([.. blobs.Where(blob => !reached.HasBlob(blob))], cancellationToken)
            .ConfigureAwait(false);
        // After the blobs: a pruning that breaks off here finds them again by their age alone.
        var (manifestCount, _) = await RemoveAsync(
                [.. manifests.Where(manifest => !reached.HasManifest(manifest))],
                cancellationToken
            )
            .ConfigureAwait(false);
        if (!options.DryRun)
            await RemoveAsync(
                    await OldAsync(SharedNames.Probes, cancellationToken).ConfigureAwait(false),
                    cancellationToken
                )
                .ConfigureAwait(false);
        return new SharedPruneResult
        {
            Entries = _removed,
            Blobs = blobCount,
            Manifests = manifestCount,
            FreedBytes = freed,
            Kept = _kept,
            IsDryRun = options.DryRun,
        };
    }

    /// <summary>The entries that are to go, the oldest first.</summary>
    private async Task<List<ListedSharedEntry>> VictimsAsync(
        List<ListedSharedEntry> entries,
        CancellationToken cancellationToken
    )
    {
        var candidates = entries
            .Where(entry => options.Namespace is null || entry.Namespace == options.Namespace)
            .OrderBy(entry => entry.Seen.Modified)
            .ThenBy(entry => entry.Seen.Name, StringComparer.Ordinal)
            .ToList();
        var victims = candidates.Where(entry => now - entry.Seen.Modified > options.OlderThan).ToList();
        if (options.ToBytes is not { } most)
            return victims;

        var reached = await SharedReach.OfAsync(listing, entries, cancellationToken).ConfigureAwait(false);
        // How many entries need each blob: its bytes are free when the last of them goes.
        var needed = new Dictionary<Digest, int>();
        long bytes = 0;
        foreach (var file in entries.SelectMany(entry => FilesOf(entry, reached)))
        {
            bytes += needed.TryAdd(file.Digest, 0) ? file.SizeBytes : 0;
            needed[file.Digest]++;
        }
        foreach (var victim in victims)
            Release(victim);
        foreach (var candidate in candidates.Except(victims).ToList())
        {
            if (bytes <= most)
                break;
            victims.Add(candidate);
            Release(candidate);
        }
        return victims;

        void Release(ListedSharedEntry entry)
        {
            foreach (var file in FilesOf(entry, reached))
                bytes -= --needed[file.Digest] == 0 ? file.SizeBytes : 0;
        }
    }

    private static IEnumerable<ManifestFile> FilesOf(ListedSharedEntry entry, SharedReach reached) =>
        entry.Entry is { } known && reached.Manifests.TryGetValue(known.Manifest, out var manifest)
            ? manifest.Files.DistinctBy(file => file.Digest)
            : [];

    private async Task RemoveAsync(ListedSharedEntry victim, CancellationToken cancellationToken)
    {
        if (options.DryRun || await store.TryDeleteAsync(victim.Seen, cancellationToken).ConfigureAwait(false))
            _removed.Add(victim.Summarize(now));
        else
            _kept++;
    }

    private async Task<(long Count, long Bytes)> RemoveAsync(
        List<SharedObject> objects,
        CancellationToken cancellationToken
    )
    {
        var (count, bytes, tried) = (0L, 0L, 0L);
        foreach (var seen in objects)
        {
            if (options.DryRun || await store.TryDeleteAsync(seen, cancellationToken).ConfigureAwait(false))
            {
                count++;
                bytes += seen.SizeBytes;
            }
            Tell(++tried, objects.Count);
        }
        return (count, bytes);
    }

    private void Tell(long done, long total)
    {
        if (!options.DryRun)
            progress?.Report(new WorkProgress(WorkStage.Removing, done, total));
    }

    private async Task<List<SharedObject>> OldAsync(string prefix, CancellationToken cancellationToken)
    {
        var objects = await listing.ObjectsAsync(prefix, cancellationToken).ConfigureAwait(false);
        objects.RemoveAll(seen => now - seen.Modified <= options.GracePeriod);
        return objects;
    }

    // Of all namespaces, whichever is pruned: blobs are everybody's.
    private async Task<List<ListedSharedEntry>> EntriesAsync(CancellationToken cancellationToken)
    {
        var entries = new List<ListedSharedEntry>();
        await foreach (var entry in listing.EntriesAsync(@namespace: null, cancellationToken).ConfigureAwait(false))
            entries.Add(entry);
        return entries;
    }
}
