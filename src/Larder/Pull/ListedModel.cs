using Larder.Content;
using Larder.Origins;
using Larder.Pull.Archives;
using Larder.Store;
using Larder.Transfer;

namespace Larder.Pull;

/// <summary>What an origin has now of what is wanted, and what is known of it.</summary>
/// <param name="Listing">The files that are wanted; of an archive the archive itself.</param>
/// <param name="Plan">The same, with what is known of each.</param>
/// <param name="Selection">Which files are wanted.</param>
/// <param name="Archive">The archive that they are in; null where they are listed themselves.</param>
internal sealed record ListedModel(
    OriginListing Listing,
    TransferPlan Plan,
    FileSelection Selection,
    ArchiveFile? Archive
)
{
    /// <summary>Makes a plan of a listing.</summary>
    /// <param name="job">What is pulled.</param>
    /// <param name="listing">All that the origin lists.</param>
    /// <param name="known">A version that was seen before; null when none was.</param>
    /// <exception cref="OriginException">Nothing of it is wanted, or it cannot be stored.</exception>
    public static ListedModel Of(PullJob job, OriginListing listing, KnownVersion? known)
    {
        var selection = new FileSelection(job.Options);
        var archive = ArchiveFile.TryFind(job.Reference, listing, job.Options);
        // What is in an archive the listing does not tell.
        if (archive is null)
            listing = selection.Of(job.Reference, listing);
        var plan = TransferPlan.Create(
            job.Reference,
            listing,
            archive is null && known is not null ? (known.Entry, known.Manifest) : null,
            job.Options.Adopt is { TrustsSizes: true }
        );
        return new ListedModel(listing, plan, selection, archive);
    }

    /// <summary>Whether the listing itself tells the digest and the length of every file.</summary>
    public bool IsTold => Listing.Files.All(file => file is { Digest: not null, SizeBytes: not null });

    /// <summary>The origin's mark of the version of each file.</summary>
    public IEnumerable<KeyValuePair<string, string>> Versions =>
        Listing.Files.Select(file => KeyValuePair.Create(file.Path, file.Version));

    /// <summary>Whether a version is the one that is listed.</summary>
    public bool Is(KnownVersion version) =>
        Archive?.IsOf(version.Entry.Source)
        ?? (
            Plan.Files.Count == version.Manifest.Files.Count
            && Plan.Files.Select(file => file.Known).OfType<ManifestFile>().ToHashSet().SetEquals(version.Manifest.Files)
        );

    /// <summary>Where the files come from, for the entry of what is listed.</summary>
    /// <param name="reference">What is pulled.</param>
    /// <param name="previous">The source of the version whose files are used again; null when none are.</param>
    public EntrySource SourceOf(ModelReference reference, EntrySource? previous)
    {
        var trust =
            Plan.OriginKnowsDigests ? EntrySource.TrustOrigin
            // A file that was taken on trust once, and is still in use, is no better for it.
            : previous?.Trust == EntrySource.TrustAdopted && Plan.Files.Any(file => file.Known is not null)
                ? EntrySource.TrustAdopted
            : EntrySource.TrustFirstUse;
        var source = new EntrySource(
            reference.Text,
            trust,
            Plan.Files.ToDictionary(file => file.File.Path, file => file.File.Version, StringComparer.Ordinal)
        )
        {
            Revision = Listing.Revision,
            IsFixed = Listing.IsFixed,
            HasOnlySizeAndTime = Listing.Files.Any(file => file.HasOnlySizeAndTime),
        };
        return previous is { IsUnproven: true }
            ? source.WithUnproven(
                Plan.Files.Where(file =>
                        file.Known is not null
                        && previous.Versions.GetValueOrDefault(file.File.Path) == EntrySource.LengthAlone
                    )
                    .Select(file => file.File.Path)
            )
            : source;
    }
}
