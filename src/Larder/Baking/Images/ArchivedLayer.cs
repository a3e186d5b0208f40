using Larder.Content;

namespace Larder.Baking.Images;

/// <summary>A layer in an archive.</summary>
/// <param name="Name">What it is called in messages.</param>
/// <param name="Offset">Where its bytes begin in the archive.</param>
/// <param name="SizeBytes">How many they are.</param>
/// <param name="Packing">How they are packed.</param>
/// <param name="Digest">What they must be; null where the archive does not say.</param>
/// <param name="DiffId">What they must be when they are unpacked.</param>
internal sealed record ArchivedLayer(
    string Name,
    long Offset,
    long SizeBytes,
    LayerPacking Packing,
    Digest? Digest,
    Digest DiffId
);
