using Larder.Baking.Images;
using Larder.Content;

namespace Larder.Baking;

/// <summary>A layer as the manifest of an image names it.</summary>
internal sealed record ManifestLayer(Digest Digest, long SizeBytes, LayerPacking Packing);
