using Larder.Content;

namespace Larder;

/// <summary>An entry that a clear was asked for.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Kind">What kind of request it answers; <c>model</c> is a pull.</param>
/// <param name="Reference">The reference that was pulled, or that of the model that it was made from.</param>
/// <param name="Digest">Its version.</param>
/// <param name="SizeBytes">Bytes of all its files, those that others share included.</param>
/// <param name="IsPinned">Whether it stays because of a pin; else, where it stays, of a lease.</param>
internal sealed record ClearCandidate(
    Digest Key,
    string Kind,
    string Reference,
    Digest Digest,
    long SizeBytes,
    bool IsPinned
);
