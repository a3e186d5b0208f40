using Larder.Content;

namespace Larder;

/// <summary>A version of a model that the store still has, all its files included.</summary>
/// <param name="Digest">Names it: the digest of its manifest.</param>
/// <param name="SizeBytes">Bytes of all its files.</param>
/// <param name="Files">How many files.</param>
/// <param name="Stored">When it came into the store.</param>
public sealed record ModelVersion(Digest Digest, long SizeBytes, int Files, DateTimeOffset Stored);
