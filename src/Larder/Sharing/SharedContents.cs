using System.Collections.Concurrent;
using Larder.Content;

namespace Larder.Sharing;

/// <summary>Looks at what entries of a shared store name: manifests and blobs.</summary>
internal sealed class SharedContents(PatientStore store, KnownBroken broken)
{
    /// <summary>The most that a manifest may have: a hundred bytes for each of some hundred thousand files.</summary>
    public const int MostManifestBytes = 64 << 20;

    /// <summary>How many blobs are looked at at once.</summary>
    private const int MostAtOnce = 16;

    /// <summary>Reads a manifest and looks whether its blobs are there at their lengths.</summary>
    /// <exception cref="SharedStoreException">That cannot be told now.</exception>
    public async Task<WholeLook> LookAsync(
        SharedDirection direction,
        Digest digest,
        CancellationToken cancellationToken
    )
    {
        var name = SharedNames.Manifest(digest);
        var document = await store
            .AskAsync(
                direction,
                (shared, token) => shared.TryReadAsync(name, MostManifestBytes, token),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (document is null)
            return new WholeLook($"its manifest '{name}' is missing");
        if (Parse(document.Content, digest) is not { } manifest)
            return new WholeLook($"its manifest '{name}' is not what its name says");
        var blobs = await StatAsync(direction, manifest, cancellationToken).ConfigureAwait(false);
        foreach (var file in manifest.Files)
        {
            if (FaultOf(file, blobs) is { } fault)
                return new WholeLook(fault) { Manifest = manifest };
        }
        return new WholeLook(Fault: null) { Manifest = manifest, Blobs = blobs };
    }

    /// <summary>Looks at the blobs of a manifest; those that are missing are missing in the answer.</summary>
    /// <exception cref="SharedStoreException">That cannot be told now.</exception>
    public async Task<IReadOnlyDictionary<Digest, SharedObject>> StatAsync(
        SharedDirection direction,
        Manifest manifest,
        CancellationToken cancellationToken
    )
    {
        var seen = new ConcurrentDictionary<Digest, SharedObject>();
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = MostAtOnce,
            CancellationToken = cancellationToken,
        };
        await Parallel
            .ForEachAsync(
                manifest.Files.Select(file => file.Digest).Distinct(),
                options,
                async (digest, token) =>
                {
                    var name = SharedNames.Blob(digest);
                    var blob = await store
                        .AskAsync(direction, (shared, either) => shared.TryStatAsync(name, either), token)
                        .ConfigureAwait(false);
                    if (blob is not null)
                        seen[digest] = blob;
                }
            )
            .ConfigureAwait(false);
        return seen;
    }

    /// <summary>What is wrong with a file's blob, to be read after an entry's name; null when nothing is known to be.</summary>
    public string? FaultOf(ManifestFile file, IReadOnlyDictionary<Digest, SharedObject> blobs)
    {
        var name = SharedNames.Blob(file.Digest);
        if (!blobs.TryGetValue(file.Digest, out var blob))
            return $"its blob '{name}' is missing";
        if (blob.SizeBytes != file.SizeBytes)
            return FormattableString.Invariant(
                $"its blob '{name}' has {blob.SizeBytes} bytes where {file.SizeBytes} belong"
            );
        return broken.Has(file.Digest) ? $"its blob '{name}' has proved to have other bytes" : null;
    }

    public static Manifest? Parse(ReadOnlyMemory<byte> bytes, Digest digest)
    {
        if (Digest.Of(bytes.Span) != digest)
            return null;
        try
        {
            return Manifest.Parse(bytes);
        }
        catch (ManifestException)
        {
            return null;
        }
    }
}
