using System.Globalization;
using System.Text;
using Larder.Content;
using Larder.Pull;
using Larder.Store;

namespace Larder.Baking;

/// <summary>A store of format 1 as it lies in an image: only read, and the same for the same models whoever made it.</summary>
/// <remarks>
/// A layer for a large file must not change with the files beside it. So the files of a model lie below <c>baked/</c>, in a
/// directory that is named for the request and not for the version; the snapshot, which is, is a link to that directory. There is
/// one file of each, not a blob and a copy: names of blobs are links to them, for who looks for a digest. Times, durations and
/// the marks that files of a directory have on one machine are left out.
/// </remarks>
internal sealed class BakedStore(string root)
{
    private readonly StoreLayout _layout = new(root);
    private readonly SortedDictionary<Digest, BakedVersion> _versions = [];
    private readonly SortedDictionary<Digest, StoreEntry> _entries = [];
    private readonly Dictionary<Digest, EntryKey> _keys = [];

    /// <summary>What is in it, each version once.</summary>
    public IEnumerable<BakedVersion> Versions => _versions.Values;

    /// <summary>Where the store has the entry of a key.</summary>
    public string EntryPath(EntryKey key) => _layout.Entry(key);

    /// <summary>Where the store has a manifest.</summary>
    public string ManifestPath(Digest version) => _layout.Manifest(version);

    /// <summary>Where the store has the snapshot of a version.</summary>
    public string SnapshotPath(Digest version) => _layout.Snapshot(version);

    /// <summary>Where the store has a blob.</summary>
    public string BlobPath(Digest blob) => _layout.Blob(blob);

    /// <summary>Where the store has what makes it one.</summary>
    public string MarkerPath => ImagePath.Join(root, StoreMarker.FileName);

    /// <summary>Adds a model.</summary>
    /// <exception cref="StoreException">Its entry is gone, or is of another version by now.</exception>
    public void Add(Snapshot snapshot)
    {
        var source =
            snapshot.FindSource()
            ?? throw new StoreException(
                snapshot.Path,
                $"'{snapshot.Reference}' was cleared, or pulled in another version, while it was to be baked. Try again."
            );
        _keys[snapshot.Key.Digest] = snapshot.Key;
        _entries[snapshot.Key.Digest] = new StoreEntry
        {
            Request = snapshot.Key.Request,
            Manifest = snapshot.Digest,
            Created = StoreLayout.BlobTime,
            Checked = StoreLayout.BlobTime,
            Duration = TimeSpan.Zero,
            SizeBytes = snapshot.Manifest.SizeBytes,
            Files = snapshot.Manifest.Files.Count,
            // The marks of files in a directory are times and numbers of this machine's.
            Source = snapshot.Reference.IsLocal
                ? source with
                {
                    Versions = new Dictionary<string, string>(StringComparer.Ordinal),
                }
                : source,
        };
        // Two references to the same bytes share a snapshot; whichever is named first, it lies in one place.
        if (
            !_versions.TryGetValue(snapshot.Digest, out var version)
            || snapshot.Key.Digest.CompareTo(version.Request) < 0
        )
            _versions[snapshot.Digest] = new BakedVersion(snapshot, snapshot.Key.Digest);
    }

    /// <summary>Where the store has a file of a version.</summary>
    public string FilePath(BakedVersion version, ManifestFile file) => $"{root}/{LocalPath(version, file)}";

    /// <summary>Adds everything to a layer that is not a file of a model.</summary>
    public void Describe(LayerPlan layer)
    {
        layer.TryAdd(LayerItem.OfBytes(MarkerPath, StoreMarker.ReadOnlyDocument(Id())));
        foreach (var (digest, entry) in _entries)
            layer.TryAdd(LayerItem.OfBytes(_layout.Entry(_keys[digest]), EntryDocument.Write(entry)));
        foreach (var (digest, version) in _versions)
        {
            var manifest = version.Snapshot.Manifest;
            layer.TryAdd(LayerItem.OfBytes(_layout.Manifest(digest), manifest.Bytes));
            layer.TryAdd(LayerItem.OfLink(_layout.Snapshot(digest), $"../{Directory(version)}"));
            foreach (var file in manifest.Files)
                layer.TryAdd(LayerItem.OfLink(_layout.Blob(file.Digest), $"../../../{LocalPath(version, file)}"));
        }
    }

    private static string Directory(BakedVersion version) => $"{StoreLayout.BakedName}/{version.Request}";

    private static string LocalPath(BakedVersion version, ManifestFile file) => $"{Directory(version)}/{file.Path}";

    // Two stores with the same contents are one.
    private Guid Id()
    {
        var contents = new StringBuilder();
        foreach (var (key, entry) in _entries)
            contents.Append(CultureInfo.InvariantCulture, $"{key} {entry.Manifest}\n");
        Span<byte> digest = stackalloc byte[Digest.SizeBytes];
        Digest.Of(Encoding.UTF8.GetBytes(contents.ToString())).CopyTo(digest);
        return new Guid(digest[..16], bigEndian: true);
    }
}
