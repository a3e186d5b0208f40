namespace Larder.Origins;

/// <summary>What a reference names at its origin, at one moment.</summary>
/// <param name="Files">The files, in no order.</param>
public sealed record OriginListing(IReadOnlyList<OriginFile> Files)
{
    /// <summary>The origin's own name of this version of all files together, such as a commit; null where it has none.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether the reference names this version and no other, so that it need not be asked about again; false.</summary>
    public bool IsFixed { get; init; }
}
