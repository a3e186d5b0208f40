using Larder.Content;

namespace Larder.Sharing;

/// <summary>What became of a publication.</summary>
/// <param name="Outcome">What was done.</param>
/// <param name="Manifest">What the store answers now; null when it was not told.</param>
/// <param name="BytesSent">Bytes of the blobs that were sent.</param>
internal sealed record SharedPublication(SharedOutcome Outcome, Digest? Manifest, long BytesSent);
