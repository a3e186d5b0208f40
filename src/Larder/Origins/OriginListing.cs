namespace Larder.Origins;

/// <summary>What a reference names at its origin, at one moment.</summary>
/// <param name="Files">The files, in no order.</param>
public sealed record OriginListing(IReadOnlyList<OriginFile> Files);
