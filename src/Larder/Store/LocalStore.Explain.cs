using Larder.Content;
using Larder.Store.Eviction;
using Larder.Store.Index;
using Larder.Store.Usage;

namespace Larder.Store;

internal sealed partial class LocalStore
{
    /// <summary>Why an entry is kept; null when it, or its version, is not there. Reads all entries of the store.</summary>
    public async Task<KeepReport?> ExplainAsync(Digest key, CancellationToken cancellationToken)
    {
        await _removals.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _index ??= new StoreIndex(this, _layout, _timeProvider);
            _index.Refresh();
            var version = _index.Versions.FirstOrDefault(version => version.Entries.Any(entry => entry.Key == key));
            return version is null ? null : Explain(_index, version, key);
        }
        finally
        {
            _removals.Release();
        }
    }

    /// <summary>A version whose files are all here and, by their sizes and times, untouched; null when it would have to be fetched.</summary>
    public ModelVersion? TryLookAtVersion(Digest digest)
    {
        if (TryReadManifest(digest) is not { } manifest)
            return null;
        var isWhole = HasBlobs(manifest) || new WholeCheck(manifest).IsWhole(_layout.Snapshot(digest)) == true;
        return isWhole
            ? new ModelVersion(
                digest,
                manifest.SizeBytes,
                manifest.Files.Count,
                new DateTimeOffset(File.GetLastWriteTimeUtc(_layout.Manifest(digest)))
            )
            : null;
    }

    /// <summary>The versions whose digests begin with some digits, two at least.</summary>
    public IEnumerable<Digest> FindVersions(string prefix)
    {
        var directory = Path.Combine(_layout.Manifests, prefix[..2]);
        if (!Directory.Exists(directory))
            yield break;
        foreach (var path in Directory.EnumerateFiles(directory, $"{prefix[2..]}*.json"))
        {
            if (StoreLayout.TryParseFanned(path, out var digest))
                yield return digest;
        }
    }

    private KeepReport Explain(StoreIndex index, IndexedVersion version, Digest key)
    {
        var pins = ReadPins();
        var uses = new UsageBook(_layout).Read().Entries;
        var queue = new VictimQueue(index, _policy, uses, _timeProvider.GetUtcNow());
        var rank = 1;
        while (queue.Next() is { } before && before != version)
            rank++;
        var entry = version.Entries.First(entry => entry.Key == key);
        return new KeepReport
        {
            Leased = IsLeased(version.Manifest),
            Pinned = pins.Has(version),
            FreedBytes = version.Entries.Count == 1 ? version.OwnBytes : 0,
            SharedBytes = version.Blobs.Where(blob => blob.Users > 1).Sum(blob => blob.SizeBytes),
            Uses = uses.TryGetValue(key, out var use) ? use.Uses : 0,
            Policy = _policy.Name,
            Rank = rank,
            Versions = index.Versions.Count,
            EarlierVersions = [.. entry.Previous.Where(digest => index.Find(digest) is not null)],
        };
    }
}
