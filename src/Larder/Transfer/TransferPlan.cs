using Larder.Content;
using Larder.Origins;
using Larder.Store;

namespace Larder.Transfer;

/// <summary>Which files make a model, and what is known of each before a byte is fetched.</summary>
internal sealed class TransferPlan
{
    private TransferPlan(IReadOnlyList<PlannedFile> files, bool originKnowsDigests)
    {
        Files = files;
        OriginKnowsDigests = originKnowsDigests;
        SizeBytes = files.Sum(file => file.File.SizeBytes ?? 0);
    }

    public IReadOnlyList<PlannedFile> Files { get; }

    /// <summary>Bytes of all files whose length the origin tells.</summary>
    public long SizeBytes { get; }

    /// <summary>Whether the origin named the digest of every file.</summary>
    public bool OriginKnowsDigests { get; }

    /// <summary>Plans a transfer.</summary>
    /// <param name="reference">What is pulled, for messages.</param>
    /// <param name="listing">What the origin lists now.</param>
    /// <param name="previous">The entry and manifest that the store has of the same reference, if any.</param>
    /// <param name="trustsSizes">Whether a file of the store that was taken by its length counts while it has that length.</param>
    /// <exception cref="OriginException">The origin lists nothing, or a path that could leave the snapshot.</exception>
    public static TransferPlan Create(
        ModelReference reference,
        OriginListing listing,
        (StoreEntry Entry, Manifest Manifest)? previous,
        bool trustsSizes = false
    )
    {
        if (listing.Files.Count == 0)
            throw new OriginException(
                OriginFailure.NotFound,
                reference.Text,
                $"There are no files at '{reference}'. Check the reference: a model has at least one."
            );
        ThrowIfUnsafe(reference, listing);

        var stored = previous?.Manifest.Files.ToDictionary(file => file.Path, StringComparer.Ordinal) ?? [];
        var versions = previous?.Entry.Source.Versions;
        return new TransferPlan(
            [.. listing.Files.Select(file => new PlannedFile(file, Known(file)))],
            listing.Files.All(file => file.Digest is not null)
        );

        ManifestFile? Known(OriginFile file)
        {
            if (file is { Digest: { } digest, SizeBytes: { } sizeBytes })
                return new ManifestFile(file.Path, sizeBytes, digest);
            if (stored.GetValueOrDefault(file.Path) is not { } known)
                return null;
            var version = versions?.GetValueOrDefault(file.Path);
            return
                version == file.Version
                || (trustsSizes && version == EntrySource.LengthAlone && known.SizeBytes == file.SizeBytes)
                ? known
                : null;
        }
    }

    /// <summary>The same plan, with the digests and sizes of some files known.</summary>
    public TransferPlan WithKnown(IReadOnlyDictionary<string, ManifestFile> known) =>
        new(
            [
                .. Files.Select(file =>
                    known.TryGetValue(file.File.Path, out var found) ? file with { Known = found } : file
                ),
            ],
            OriginKnowsDigests
        );

    private static void ThrowIfUnsafe(ModelReference reference, OriginListing listing)
    {
        try
        {
            // Only the paths matter here: the rules that a manifest has for them, before anything is fetched.
            Manifest.Create(listing.Files.Select(file => new ManifestFile(file.Path, file.SizeBytes ?? 0, default)));
        }
        catch (ManifestException unsafePaths)
        {
            throw new OriginException(
                OriginFailure.Broken,
                reference.Text,
                $"'{reference}' lists files that cannot be stored, so nothing was fetched. {unsafePaths.Message}",
                unsafePaths
            );
        }
    }
}
