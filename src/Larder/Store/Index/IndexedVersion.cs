using Larder.Content;

namespace Larder.Store.Index;

/// <summary>What the index remembers of a manifest: one version of a model, whose files are kept or removed together.</summary>
internal sealed class IndexedVersion(int number, Digest manifest, IndexedBlob[] blobs) : IDigestNamed
{
    // As long as it has to be: nearly always one.
    private IndexedEntry[] _entries = [];

    /// <summary>Its number in the index, which no other has at the same time.</summary>
    public int Number { get; } = number;

    public Digest Manifest { get; } = manifest;

    Digest IDigestNamed.Name => Manifest;

    /// <summary>Its distinct files.</summary>
    public IReadOnlyList<IndexedBlob> Blobs { get; } = blobs;

    /// <summary>The entries that this version answers.</summary>
    public IReadOnlyList<IndexedEntry> Entries => _entries;

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

    public void AddEntry(IndexedEntry entry) => _entries = [.. _entries, entry];

    public void RemoveEntries(IReadOnlyCollection<IndexedEntry> entries) => _entries = [.. _entries.Except(entries)];

    public void ClearEntries() => _entries = [];
}
