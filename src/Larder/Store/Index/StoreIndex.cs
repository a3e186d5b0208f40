using Larder.Content;

namespace Larder.Store.Index;

/// <summary>Which entries a store has, which versions they name and which files those share, in memory.</summary>
/// <remarks>
/// Built from the files, which stay the truth, and brought up to date by looking only at directories that changed. Not safe
/// for concurrent use.
/// </remarks>
internal sealed class StoreIndex(LocalStore store, StoreLayout layout, TimeProvider timeProvider)
{
    private const int MostExpected = 1_000_000;

    private readonly Dictionary<string, WatchedDirectory> _directories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DigestTable<IndexedEntry>> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IndexedVersion[]> _manifests = new(StringComparer.Ordinal);
    private readonly DigestTable<IndexedVersion> _versions = new();
    private readonly DigestTable<IndexedBlob> _blobs = new();
    private readonly List<IndexedVersion?> _numbers = [];
    private readonly Stack<int> _freeNumbers = new();

    /// <summary>Entries whose manifest is missing or damaged: they answer nothing, and are kept until somebody pulls or clears them.</summary>
    private readonly List<IndexedEntry> _broken = [];

    /// <summary>All versions, those that no entry names among them.</summary>
    public IReadOnlyCollection<IndexedVersion> Versions => _versions.Items;

    /// <summary>All entries.</summary>
    public IEnumerable<IndexedEntry> Entries => _entries.Values.SelectMany(directory => directory.Items);

    /// <summary>Entries that name a version that is not there.</summary>
    public IReadOnlyList<IndexedEntry> Broken => _broken;

    public IndexedVersion? Find(Digest manifest) => _versions.Find(manifest);

    /// <summary>Whether any version has a blob.</summary>
    public bool IsUsed(Digest blob) => _blobs.Contains(blob);

    /// <summary>Takes note of what changed on disk since the last call.</summary>
    public void Refresh()
    {
        if (_directories.Count == 0)
            MakeRoom();
        var manifestsChanged = RefreshFans(layout.Manifests, RefreshManifests, ForgetManifests);
        var entriesChanged = false;
        foreach (var kind in Directory.EnumerateDirectories(layout.Entries))
            entriesChanged |= RefreshFans(kind, RefreshEntries, ForgetEntries);
        if (manifestsChanged || entriesChanged)
            Connect();
    }

    /// <summary>The version that is the only one to have a blob; null when there are more, or none.</summary>
    public IndexedVersion? OnlyUserOf(IndexedBlob blob) => blob.OnlyUser is { } number ? _numbers[number] : null;

    /// <summary>All numbers of versions are below this.</summary>
    public int NumbersEnd => _numbers.Count;

    /// <summary>Takes note that a version was removed.</summary>
    public void Remove(IndexedVersion version)
    {
        if (_numbers[version.Number] != version)
            return;
        _numbers[version.Number] = null;
        _freeNumbers.Push(version.Number);
        _versions.Remove(version.Manifest);
        foreach (var blob in version.Blobs)
        {
            blob.RemoveUser(version.Number);
            if (blob.Users == 0)
                _blobs.Remove(blob.Digest);
        }
    }

    // Grown step by step, the tables of a large store would take twice their size for a while.
    private void MakeRoom()
    {
        if (store.TryReadCounts() is not { } counts)
            return;
        _versions.EnsureCapacity((int)Math.Min(counts.Entries, MostExpected));
        _numbers.EnsureCapacity((int)Math.Min(counts.Entries, MostExpected));
        _blobs.EnsureCapacity((int)Math.Min(counts.Blobs, MostExpected));
    }

    private bool RefreshFans(string root, Func<string, bool> refresh, Func<string, bool> forget)
    {
        var changed = false;
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var fan in Directory.EnumerateDirectories(root))
        {
            if (!Posix.TryStatus(fan, out var status))
                continue;
            present.Add(fan);
            if (!_directories.TryGetValue(fan, out var watched))
                _directories[fan] = watched = new WatchedDirectory(timeProvider);
            if (watched.MustList(status))
                changed |= refresh(fan);
        }
        foreach (
            var gone in _directories
                .Keys.Where(fan => Path.GetDirectoryName(fan) == root && !present.Contains(fan))
                .ToList()
        )
        {
            _directories.Remove(gone);
            changed |= forget(gone);
        }
        return changed;
    }

    private bool RefreshEntries(string directory)
    {
        var known = _entries.GetValueOrDefault(directory);
        var now = new DigestTable<IndexedEntry>();
        var changed = false;
        foreach (var path in Directory.EnumerateFiles(directory, "*.json"))
        {
            if (
                !StoreLayout.TryParseFanned(path, out var key)
                || !Posix.TryStatus(path, followLinks: false, out var status)
            )
                continue;
            var stamp = (status.Inode, status.ModifiedNanoseconds);
            if (known?.Find(key) is { } same && same.Stamp == stamp)
            {
                now.Add(same);
            }
            else if (store.TryReadListed(path) is { } entry)
            {
                now.Add(new IndexedEntry(layout, KindOf(directory), key, entry) { Stamp = stamp });
                changed = true;
            }
        }
        changed |= known is not null && known.Items.Any(entry => !now.Contains(entry.Key));
        now.TrimExcess();
        _entries[directory] = now;
        return changed;
    }

    private bool ForgetEntries(string directory) => _entries.Remove(directory);

    private bool RefreshManifests(string directory)
    {
        var now = new List<IndexedVersion>();
        var changed = false;
        foreach (var path in Directory.EnumerateFiles(directory, "*.json"))
        {
            if (!StoreLayout.TryParseFanned(path, out var digest))
                continue;
            if (_versions.Find(digest) is { } known)
            {
                now.Add(known);
            }
            else if (store.TryReadManifest(digest) is { } manifest)
            {
                now.Add(Add(digest, manifest));
                changed = true;
            }
        }
        foreach (var gone in _manifests.GetValueOrDefault(directory, []).Except(now))
        {
            changed = true;
            Remove(gone);
        }
        _manifests[directory] = [.. now];
        return changed;
    }

    private bool ForgetManifests(string directory)
    {
        foreach (var gone in _manifests.GetValueOrDefault(directory, []))
            Remove(gone);
        return _manifests.Remove(directory);
    }

    private IndexedVersion Add(Digest digest, Manifest manifest)
    {
        var blobs = new HashSet<IndexedBlob>();
        foreach (var file in manifest.Files)
        {
            if (_blobs.Find(file.Digest) is not { } blob)
                _blobs.Add(blob = new IndexedBlob(file.Digest, file.SizeBytes));
            blobs.Add(blob);
        }
        if (!_freeNumbers.TryPop(out var number))
        {
            number = _numbers.Count;
            _numbers.Add(null);
        }
        var version = new IndexedVersion(number, digest, [.. blobs]);
        foreach (var blob in blobs)
            blob.AddUser(version.Number);
        _versions.Add(version);
        _numbers[version.Number] = version;
        return version;
    }

    /// <summary>Ties each entry to its version anew.</summary>
    private void Connect()
    {
        foreach (var version in _versions.Items)
            version.ClearEntries();
        _broken.Clear();
        foreach (var entry in Entries)
        {
            if (_versions.Find(entry.Manifest) is { } version)
                version.AddEntry(entry);
            else
                _broken.Add(entry);
        }
    }

    // <store>/entries/<kind>/<two digits>. One string for all entries of a kind.
    private static string KindOf(string directory) =>
        string.Intern(Path.GetFileName(Path.GetDirectoryName(directory))!);
}
