using Larder.Content;

namespace Larder.Baking.Images;

/// <summary>A file of a layer that a later one takes away or replaces.</summary>
/// <param name="Digest">What it was.</param>
/// <param name="Layer">The layer that had it, counted from 0.</param>
/// <param name="ByLayer">The layer that takes it away.</param>
/// <param name="IsRemoved">Whether it is taken away and nothing put in its place.</param>
internal sealed record ShadowedFile(Digest Digest, int Layer, int ByLayer, bool IsRemoved);
