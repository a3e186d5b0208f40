using Larder.Content;

namespace Larder.Baking;

/// <summary>A layer of an image that was written.</summary>
/// <param name="Digest">The digest of its bytes as they lie in the archive.</param>
/// <param name="SizeBytes">How many those are.</param>
/// <param name="Content">What is in it, for people; null for a layer of the base.</param>
public sealed record BakedLayer(Digest Digest, long SizeBytes, string? Content);
