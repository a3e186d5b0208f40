using Larder.Content;

namespace Larder.Sharing.Administration;

/// <summary>What some entries reach: their manifests, and the blobs that those name.</summary>
internal sealed class SharedReach
{
    private readonly HashSet<Digest> _manifests;
    private readonly HashSet<Digest> _blobs;

    private SharedReach(IEnumerable<ListedSharedEntry> entries, IReadOnlyDictionary<Digest, Manifest> manifests)
    {
        Manifests = manifests;
        _manifests = [.. entries.Select(entry => entry.Entry?.Manifest).OfType<Digest>()];
        _blobs = [.. manifests.Values.SelectMany(manifest => manifest.Files).Select(file => file.Digest)];
    }

    /// <summary>The manifests that could be read.</summary>
    public IReadOnlyDictionary<Digest, Manifest> Manifests { get; }

    public static async Task<SharedReach> OfAsync(
        SharedListing listing,
        IReadOnlyCollection<ListedSharedEntry> entries,
        CancellationToken cancellationToken
    )
    {
        var manifests = await listing
            .ManifestsAsync(entries.Select(entry => entry.Entry?.Manifest).OfType<Digest>(), cancellationToken)
            .ConfigureAwait(false);
        return new SharedReach(entries, manifests);
    }

    /// <summary>Whether a blob is reached; what lies beside the blobs and is none counts as reached, for it is nobody's to remove.</summary>
    public bool HasBlob(SharedObject blob) =>
        !SharedNames.TryParseBlob(blob.Name, out var digest) || _blobs.Contains(digest);

    /// <summary>Whether a manifest is reached; what is none counts as reached.</summary>
    public bool HasManifest(SharedObject manifest) =>
        !SharedNames.TryParseManifest(manifest.Name, out var digest) || _manifests.Contains(digest);
}
