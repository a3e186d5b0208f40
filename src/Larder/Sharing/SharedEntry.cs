using Larder.Content;
using Larder.Store;

namespace Larder.Sharing;

/// <summary>An entry of a shared store: a request and the manifest that answers it.</summary>
public sealed class SharedEntry
{
    internal SharedEntry(EntryKey key, StoreEntry entry, SharedObject document)
    {
        Key = key;
        Entry = entry;
        Document = document;
    }

    /// <summary>What was asked.</summary>
    public EntryKey Key { get; }

    /// <summary>The manifest that answers it.</summary>
    public Digest Manifest => Entry.Manifest;

    /// <summary>Bytes of all files.</summary>
    public long SizeBytes => Entry.SizeBytes;

    /// <summary>How long it took to make or to fetch.</summary>
    public TimeSpan Duration => Entry.Duration;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created => Entry.Created;

    internal StoreEntry Entry { get; }

    /// <summary>The document of the entry, for a replacement on condition that nobody else did.</summary>
    internal SharedObject Document { get; }

    /// <summary>The documents of all signers that were found for the key when this one was chosen.</summary>
    internal IReadOnlyList<SharedObject> Known { get; set; } = [];

    /// <summary>Its blobs as they were seen when its manifest was read; none before.</summary>
    internal IReadOnlyDictionary<Digest, SharedObject> Blobs { get; set; } = new Dictionary<Digest, SharedObject>();
}
