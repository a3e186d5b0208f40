using System.Text;
using Larder.Content;

namespace Larder.Store.Index;

/// <summary>What the index remembers of an entry.</summary>
internal sealed class IndexedEntry(StoreLayout layout, string kind, Digest key, StoreEntry entry) : IDigestNamed
{
    // Half of what the text takes, which is asked for only of what was removed.
    private readonly byte[] _reference = Encoding.UTF8.GetBytes(entry.Source.Reference);

    public string Kind { get; } = kind;

    /// <summary>The key: SHA-256 of the request, and the name of the file.</summary>
    public Digest Key { get; } = key;

    Digest IDigestNamed.Name => Key;

    /// <summary>The file. Made when asked for: a hundred thousand paths take more memory than all else here.</summary>
    public string Path => layout.Entry(Kind, Key);

    public string Reference => Encoding.UTF8.GetString(_reference);

    public Digest Manifest { get; } = entry.Manifest;

    /// <summary>Versions that it had before, the latest first; they may be gone.</summary>
    public IReadOnlyList<Digest> Previous { get; } = entry.Previous is { Count: > 0 } previous ? previous : [];

    public long SizeBytes { get; } = entry.SizeBytes;

    /// <summary>How long it took to get.</summary>
    public TimeSpan Duration { get; } = entry.Duration;

    /// <summary>The file's number and time when it was read: when both are the same it need not be read again.</summary>
    public (ulong Inode, long ModifiedNanoseconds) Stamp { get; set; }

    /// <summary>When it was last used, in nanoseconds since 1970: the modification time of its file.</summary>
    public long LastUseNanoseconds => Stamp.ModifiedNanoseconds;
}
