using Larder.Content;

namespace Larder.Store.Index;

/// <summary>What the index remembers of an entry.</summary>
internal sealed class IndexedEntry(string path, string kind, StoreEntry entry)
{
    public string Path { get; } = path;

    public string Kind { get; } = kind;

    /// <summary>The key: SHA-256 of the request.</summary>
    public Digest Key { get; } = Digest.Of(entry.Request.Span);

    public string Reference { get; } = entry.Source.Reference;

    public Digest Manifest { get; } = entry.Manifest;

    /// <summary>Versions that it had before, the latest first; they may be gone.</summary>
    public IReadOnlyList<Digest> Previous { get; } = entry.Previous;

    public long SizeBytes { get; } = entry.SizeBytes;

    /// <summary>How long it took to get.</summary>
    public TimeSpan Duration { get; } = entry.Duration;

    /// <summary>The file's number and time when it was read: when both are the same it need not be read again.</summary>
    public (ulong Inode, long ModifiedNanoseconds) Stamp { get; set; }

    /// <summary>When it was last used, in nanoseconds since 1970: the modification time of its file.</summary>
    public long LastUseNanoseconds => Stamp.ModifiedNanoseconds;
}
