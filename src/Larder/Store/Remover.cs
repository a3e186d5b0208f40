using Larder.Content;
using Larder.Store.Index;
using Larder.Store.Room;
using Larder.Store.Scrub;

namespace Larder.Store;

/// <summary>Takes entries and versions out of a store, into a staging area where they are deleted afterwards.</summary>
/// <remarks>
/// The caller holds the commit lock exclusively and has refreshed the index under it. Each name goes by one rename, the entry
/// first: a crash leaves files that nothing names, never a name without files. Where locks lie, manifests and blobs that somebody
/// has come to count on since are put back; a commit links its own again at its end.
/// </remarks>
internal sealed class Remover(
    StoreLayout layout,
    StoreIndex index,
    SnapshotLeases leases,
    Materializer materializer,
    StagingArea staging,
    bool locksWork
)
{
    private readonly PinSet _pins = PinSet.Read(layout);

    /// <summary>Entries that are gone.</summary>
    public List<IndexedEntry> Entries { get; } = [];

    /// <summary>
    /// Whether files may be left that nothing names: an entry went whose version nobody could read, or a file would not move.
    /// </summary>
    public bool LeftFiles { get; private set; }

    /// <summary>What the store holds less than before.</summary>
    public StoreCounts Taken { get; private set; } = StoreCounts.Zero;

    /// <summary>Whether an entry is pinned.</summary>
    public bool IsPinned(IndexedEntry entry) => _pins.HasKey(entry.Key);

    /// <summary>Takes entries alone; what they name is left.</summary>
    public void TakeEntries(IEnumerable<IndexedEntry> entries)
    {
        foreach (var entry in entries.ToList())
        {
            if (!TryTake(entry.Path, NewDocumentPath()))
                continue;
            Entries.Add(entry);
            Taken += new StoreCounts { Entries = 1, EntryBytes = entry.SizeBytes };
            LeftFiles |= index.Find(entry.Manifest) is null;
        }
    }

    /// <summary>Takes a version with all its entries; false when it is pinned or somebody holds a lease on it.</summary>
    public bool TryTake(IndexedVersion version)
    {
        if (_pins.Has(version))
            return false;
        using var exclusion = leases.TryExclude(version.Manifest);
        if (exclusion is null)
            return false;
        TakeEntries(version.Entries);
        var snapshot = staging.NewPath();
        TryTake(layout.Snapshot(version.Manifest), snapshot);
        Taken += new StoreCounts { CopyBytes = materializer.CopyBytesOf(snapshot) };
        TakeFiles(version);
        return true;
    }

    private void TakeFiles(IndexedVersion version)
    {
        var names = new List<(string Path, string Staged, Digest? Blob)>
        {
            (layout.Manifest(version.Manifest), NewDocumentPath(), null),
        };
        foreach (var blob in version.Blobs.Where(blob => blob.Users == 1))
            names.Add((layout.Blob(blob.Digest), staging.NewPath(), blob.Digest));
        index.Remove(version);
        foreach (var name in names)
        {
            if (!TryTake(name.Path, name.Staged) || name.Blob is null)
                continue;
            LeftFiles |= !BlockChecksumFile.TryMove(name.Path, name.Staged);
            CountBlob(name.Staged, 1);
        }
        if (!locksWork)
            PutBackWhatIsNamed(version.Manifest, names);
    }

    /// <summary>Gives those names back that an entry or a manifest reaches which came since.</summary>
    private void PutBackWhatIsNamed(Digest manifest, List<(string Path, string Staged, Digest? Blob)> names)
    {
        index.Refresh();
        var isNamed = index.Broken.Any(entry => entry.Manifest == manifest);
        foreach (var (path, staged, blob) in names)
        {
            var isWanted = isNamed || (blob is { } digest && index.IsUsed(digest));
            if (!isWanted || !Posix.Exists(staged) || !Posix.TryLink(staged, path) || blob is null)
                continue;
            BlockChecksumFile.TryMove(staged, path);
            CountBlob(path, -1);
        }
    }

    // Documents keep an extension: what they give back to the disk is not counted, no more than what they take.
    private string NewDocumentPath() => staging.NewPath() + ".json";

    private void CountBlob(string path, int count)
    {
        if (Posix.TryStatus(path, followLinks: false, out var status))
            Taken += new StoreCounts { Blobs = count, BlobBytes = count * status.SizeBytes };
    }

    private static bool TryTake(string path, string staged)
    {
        try
        {
            Posix.Rename(path, staged);
            return true;
        }
        catch (IOException gone) when (gone.HResult == Posix.ENOENT)
        {
            return false; // It was never built, or somebody else took it.
        }
    }
}
