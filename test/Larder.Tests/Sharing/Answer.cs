using Larder.Content;
using Larder.Sharing;
using Larder.Store;

namespace Larder.Tests.Sharing;

/// <summary>What there is to publish for a key.</summary>
internal sealed record Answer(EntryKey Key, StoreEntry Entry, Manifest Manifest, Func<ManifestFile, string> PathOf)
{
    public string EntryName => SharedNames.Entry("main", Key.Kind, Key.Digest);

    public string ManifestName => SharedNames.Manifest(Manifest.Digest);

    public string BlobName(int file = 0) => SharedNames.Blob(Manifest.Files[file].Digest);

    public byte[] Bytes(int file = 0) => File.ReadAllBytes(PathOf(Manifest.Files[file]));
}
