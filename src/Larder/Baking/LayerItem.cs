using Larder.Content;

namespace Larder.Baking;

/// <summary>Something that a layer has.</summary>
/// <param name="Entry">How it stands in the layer.</param>
internal sealed record LayerItem(TarEntry Entry)
{
    /// <summary>Its bytes, where they are in memory.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>The file that has its bytes, and what they must be; null where they are in memory.</summary>
    public (string Path, Digest Digest)? Source { get; private init; }

    public static LayerItem OfBytes(string path, ReadOnlyMemory<byte> bytes) =>
        new(new TarEntry(path, TarEntryKind.File, bytes.Length)) { Bytes = bytes };

    public static LayerItem OfFile(string path, string source, ManifestFile file) =>
        new(new TarEntry(path, TarEntryKind.File, file.SizeBytes)) { Source = (source, file.Digest) };

    public static LayerItem OfLink(string path, string target) =>
        new(new TarEntry(path, TarEntryKind.SymbolicLink, LinkTarget: target));

    public static LayerItem OfDirectory(string path) => new(new TarEntry(path, TarEntryKind.Directory));
}
