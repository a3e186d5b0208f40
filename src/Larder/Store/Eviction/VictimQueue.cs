using Larder.Content;
using Larder.Store.Index;
using Larder.Store.Usage;

namespace Larder.Store.Eviction;

/// <summary>Gives the versions of a store in the order in which a policy would have them removed.</summary>
/// <remarks>
/// What a removal frees changes with each one before it: when the last but one user of a shared file goes, the file becomes its
/// last user's own. Such versions are ranked anew, and older ranks of theirs are passed over.
/// </remarks>
internal sealed class VictimQueue
{
    private readonly StoreIndex _index;
    private readonly IEvictionPolicy _policy;
    private readonly IReadOnlyDictionary<Digest, UseFacts> _uses;
    private readonly DateTimeOffset _now;
    private readonly PriorityQueue<IndexedVersion, VictimRank> _queue;

    // By the number of a version; null for one that is not in the queue.
    private readonly VictimRank?[] _ranks;

    public VictimQueue(
        StoreIndex index,
        IEvictionPolicy policy,
        IReadOnlyDictionary<Digest, UseFacts> uses,
        DateTimeOffset now
    )
    {
        _index = index;
        _policy = policy;
        _uses = uses;
        _now = now;
        _ranks = new VictimRank?[index.NumbersEnd];
        var ranked = new List<(IndexedVersion, VictimRank)>(index.Versions.Count);
        foreach (var version in index.Versions)
        {
            var rank = RankOf(version);
            _ranks[version.Number] = rank;
            ranked.Add((version, rank));
        }
        _queue = new PriorityQueue<IndexedVersion, VictimRank>(ranked, VictimRank.Order);
    }

    /// <summary>The next version to remove; null when there is none left.</summary>
    public IndexedVersion? Next()
    {
        while (_queue.TryDequeue(out var version, out var rank))
        {
            if (_ranks[version.Number] != rank)
                continue;
            // Uses by other processes are in the time of the entry's file, which nobody looked at since.
            if (IsUsedSince(version))
            {
                Add(version);
                continue;
            }
            _ranks[version.Number] = null;
            return version;
        }
        return null;
    }

    /// <summary>Ranks those anew that are now the only ones with a file of a version that has just been removed.</summary>
    public void Removed(IndexedVersion version)
    {
        foreach (var blob in version.Blobs)
        {
            if (_index.OnlyUserOf(blob) is { } heir && IsQueued(heir))
                Add(heir);
        }
    }

    /// <summary>Takes a version out of the queue.</summary>
    public void Forget(IndexedVersion version) => _ranks[version.Number] = null;

    /// <summary>When any entry of a version was last used.</summary>
    public DateTimeOffset LastUse(IndexedVersion version)
    {
        var last = DateTimeOffset.UnixEpoch;
        foreach (var entry in version.Entries)
        {
            var byFile = DateTimeOffset.UnixEpoch.AddTicks(entry.LastUseNanoseconds / 100);
            var byLog = _uses.TryGetValue(entry.Key, out var use) ? use.LastUse : DateTimeOffset.UnixEpoch;
            var latest = byFile > byLog ? byFile : byLog;
            last = latest > last ? latest : last;
        }
        return last;
    }

    // One that came after the queue was made has perhaps a number behind its end.
    private bool IsQueued(IndexedVersion version) =>
        version.Number < _ranks.Length && _ranks[version.Number] is not null;

    private void Add(IndexedVersion version)
    {
        var rank = RankOf(version);
        _ranks[version.Number] = rank;
        _queue.Enqueue(version, rank);
    }

    private VictimRank RankOf(IndexedVersion version)
    {
        if (version.Entries.Count == 0)
            return new VictimRank(VictimRank.Superseded, 0, DateTimeOffset.UnixEpoch);
        var freed = version.OwnBytes;
        var facts = Facts(version, freed);
        return new VictimRank(
            freed > 0 ? VictimRank.Freeing : VictimRank.FreesNothing,
            _policy.Worth(facts),
            facts.LastUse
        );
    }

    private VersionFacts Facts(IndexedVersion version, long freed)
    {
        long uses = 0;
        double aged = 0;
        var time = TimeSpan.Zero;
        foreach (var entry in version.Entries)
        {
            var use = _uses.TryGetValue(entry.Key, out var known)
                ? known
                : UseFacts.None.Add(DateTimeOffset.UnixEpoch.AddTicks(entry.LastUseNanoseconds / 100));
            uses += use.Uses;
            aged += use.AgedAt(_now);
            time = entry.Duration > time ? entry.Duration : time;
        }
        return new VersionFacts(aged, uses, LastUse(version), time, freed);
    }

    private static bool IsUsedSince(IndexedVersion version)
    {
        var isUsed = false;
        foreach (var entry in version.Entries)
        {
            if (
                Posix.TryStatus(entry.Path, followLinks: false, out var status)
                && status.Inode == entry.Stamp.Inode
                && status.ModifiedNanoseconds > entry.LastUseNanoseconds
            )
            {
                entry.Stamp = (status.Inode, status.ModifiedNanoseconds);
                isUsed = true;
            }
        }
        return isUsed;
    }
}
