using Larder.Content;

namespace Larder.Baking;

/// <summary>An image that was written.</summary>
/// <param name="Path">The archive.</param>
/// <param name="Digest">The digest of the image's manifest, by which registries and engines name it.</param>
/// <param name="SizeBytes">The archive's length.</param>
/// <param name="Layers">Its layers, the lowest first.</param>
public sealed record BakeResult(string Path, Digest Digest, long SizeBytes, IReadOnlyList<BakedLayer> Layers);
