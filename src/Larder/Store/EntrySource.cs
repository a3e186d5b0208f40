using Larder.Content;

namespace Larder.Store;

/// <summary>Where the files of an entry came from, and what the trust in them rests on.</summary>
/// <param name="Reference">The model reference, without query string and user information.</param>
/// <param name="Trust"><c>origin</c>: every digest was named by the origin; <c>first_use</c>: the digests are those of the bytes that came first.</param>
/// <param name="Versions">
/// For each path the origin's own mark of that version of the file; <see cref="LengthAlone"/> where nothing but its length says
/// that it is of the origin.
/// </param>
internal sealed record EntrySource(string Reference, string Trust, IReadOnlyDictionary<string, string> Versions)
{
    /// <summary>The origin's own name of this version of all files together, such as a commit; null where it has none.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether the reference names this version and no other: it is fresh for ever.</summary>
    public bool IsFixed { get; init; }

    /// <summary>Whether the origin tells one version from another by size and time alone.</summary>
    public bool HasOnlySizeAndTime { get; init; }

    /// <summary>The version of a model that the files were made from; null where they were pulled.</summary>
    public Digest? DerivedFrom { get; init; }

    /// <summary>The archive that the files were unpacked from, which is not kept; null where they were listed themselves.</summary>
    public ManifestFile? Archive { get; init; }

    public const string TrustOrigin = "origin";
    public const string TrustFirstUse = "first_use";

    /// <summary>The files were made here, from a model.</summary>
    public const string TrustDerived = "derived";

    /// <summary>Stands for the version of a file that was taken from a directory by its length alone: no version is the same.</summary>
    public const string LengthAlone = "";

    /// <summary>Whether somebody who does not trust lengths has to ask for some of the files.</summary>
    public bool IsUnproven => Trust == TrustAdopted && Versions.Values.Contains(LengthAlone, StringComparer.Ordinal);

    /// <summary>Some files were taken from a directory where they lay, without a digest of the origin to compare them with.</summary>
    public const string TrustAdopted = "adopted";

    /// <summary>The same, some of its files being those that nobody has compared with the origin's.</summary>
    public EntrySource WithUnproven(IEnumerable<string> paths)
    {
        var versions = new Dictionary<string, string>(Versions, StringComparer.Ordinal);
        foreach (var path in paths)
            versions[path] = LengthAlone;
        return this with { Versions = versions };
    }
}
