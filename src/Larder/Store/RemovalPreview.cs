using Larder.Content;
using Larder.Store.Index;

namespace Larder.Store;

/// <summary>Goes the way of a removal through an index of its own, and touches nothing in the store.</summary>
/// <param name="index">The index, from which versions are taken out as if they went.</param>
/// <param name="pins">What is pinned.</param>
/// <param name="isHeld">Whether somebody holds a lease on a version.</param>
/// <param name="heldBytes">What a version gives back when it alone goes.</param>
internal sealed class RemovalPreview(
    StoreIndex index,
    PinSet pins,
    Func<Digest, bool> isHeld,
    Func<IndexedVersion, long> heldBytes
)
{
    private readonly List<IndexedEntry> _removed = [];
    private readonly List<(IndexedEntry Entry, bool IsPinned)> _kept = [];

    /// <summary>Entries that would go.</summary>
    public IReadOnlyList<IndexedEntry> Removed => _removed;

    /// <summary>Entries that would stay, because they are pinned or else leased.</summary>
    public IReadOnlyList<(IndexedEntry Entry, bool IsPinned)> Kept => _kept;

    /// <summary>Bytes that would be given back.</summary>
    public long FreedBytes { get; private set; }

    /// <summary>Chooses as a removal does.</summary>
    public void Clear(Func<IndexedEntry, bool> choose)
    {
        var chosen = index.Entries.Where(choose).ToList();
        foreach (var group in chosen.GroupBy(entry => entry.Manifest))
        {
            var version = index.Find(group.Key);
            var free = group.Where(entry => !pins.HasKey(entry.Key)).ToList();
            Keep(group.Except(free), isPinned: true);
            if (version is null)
            {
                _removed.AddRange(free);
            }
            else if (free.Count < version.Entries.Count)
            {
                _removed.AddRange(free);
                version.RemoveEntries(free);
            }
            else if (!TryTake(version))
            {
                Keep(free, pins.Has(version));
            }
        }
        ClearEarlierVersions(chosen);
    }

    private void ClearEarlierVersions(List<IndexedEntry> chosen)
    {
        var others = index.Entries.Except(_removed).SelectMany(entry => entry.Previous).ToHashSet();
        foreach (var digest in chosen.Intersect(_removed).SelectMany(entry => entry.Previous).ToHashSet())
        {
            if (!others.Contains(digest) && index.Find(digest) is { Entries.Count: 0 } version)
                TryTake(version);
        }
    }

    private bool TryTake(IndexedVersion version)
    {
        if (pins.Has(version) || isHeld(version.Manifest))
            return false;
        _removed.AddRange(version.Entries);
        FreedBytes += heldBytes(version);
        index.Remove(version);
        return true;
    }

    private void Keep(IEnumerable<IndexedEntry> entries, bool isPinned) =>
        _kept.AddRange(entries.Select(entry => (entry, isPinned)));
}
