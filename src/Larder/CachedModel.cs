using System.Text;
using Larder.Content;
using Larder.Store;

namespace Larder;

/// <summary>A model in the store, as it was when it was looked at.</summary>
public sealed class CachedModel
{
    private readonly StoreEntry _entry;
    private readonly LocalStore _store;

    internal CachedModel(LocalStore store, ListedEntry listed, PinSet? pins)
    {
        _store = store;
        _entry = listed.Entry;
        Kind = listed.Kind;
        LastUsed = new DateTimeOffset(File.GetLastWriteTimeUtc(listed.Path));
        Leased = store.IsLeased(_entry.Manifest);
        Key = Digest.Of(_entry.Request.Span);
        Pinned = pins?.HasKey(Key) == true;
        InLowerStore = store.IsReadOnly;
    }

    /// <summary>What kind of request it answers.</summary>
    public string Kind { get; }

    /// <summary>The reference that was pulled.</summary>
    public string Reference => _entry.Source.Reference;

    /// <summary>The version: the digest of its manifest.</summary>
    public Digest Digest => _entry.Manifest;

    /// <summary>Bytes of all its files.</summary>
    public long SizeBytes => _entry.SizeBytes;

    /// <summary>How many files.</summary>
    public int Files => _entry.Files;

    /// <summary>When this version came.</summary>
    public DateTimeOffset Created => _entry.Created;

    /// <summary>When the origin last said that this is its present version.</summary>
    public DateTimeOffset Checked => _entry.Checked;

    /// <summary>When it was last used, to the minute.</summary>
    public DateTimeOffset LastUsed { get; }

    /// <summary>Whether somebody holds a lease on it.</summary>
    public bool Leased { get; }

    /// <summary>Whether it is pinned.</summary>
    public bool Pinned { get; }

    /// <summary>Whether it lies in the lower store, where nothing is ever removed.</summary>
    public bool InLowerStore { get; }

    /// <summary>How long it took to get.</summary>
    public TimeSpan Duration => _entry.Duration;

    /// <summary><c>origin</c> when the origin named every digest, <c>first_use</c> when the digests are those of what came first.</summary>
    public string Trust => _entry.Source.Trust;

    /// <summary>The key: SHA-256 of the request.</summary>
    public Digest Key { get; }

    /// <summary>The request, canonical JSON.</summary>
    public string Request => Encoding.UTF8.GetString(_entry.Request.Span);

    /// <summary>Where its files lie.</summary>
    public string SnapshotPath => _store.SnapshotPath(_entry.Manifest);

    /// <summary>Reads the list of its files; null when that is damaged or was removed meanwhile.</summary>
    public Manifest? ReadManifest() => _store.TryReadManifest(_entry.Manifest);
}
