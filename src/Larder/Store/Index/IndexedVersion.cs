using Larder.Content;

namespace Larder.Store.Index;

/// <summary>What the index remembers of a manifest: one version of a model, whose files are kept or removed together.</summary>
internal sealed class IndexedVersion(int number, Digest manifest, IndexedBlob[] blobs)
{
    /// <summary>Its number in the index.</summary>
    public int Number { get; } = number;

    public Digest Manifest { get; } = manifest;

    /// <summary>Its distinct files.</summary>
    public IReadOnlyList<IndexedBlob> Blobs { get; } = blobs;

    /// <summary>The entries that this version answers.</summary>
    public List<IndexedEntry> Entries { get; } = [];

    /// <summary>Bytes that go when this version alone goes: of files that no other version has.</summary>
    public long OwnBytes
    {
        get
        {
            long bytes = 0;
            foreach (var blob in blobs)
                bytes += blob.Users == 1 ? blob.SizeBytes : 0;
            return bytes;
        }
    }
}
