namespace Larder.Diffusion.Nodes;

/// <summary>A picture that a clip is held to.</summary>
/// <param name="Frame">Which picture of the clip; the first is 0.</param>
/// <param name="Pixels">
/// The values in the order [plane, y, x], of the clip's own size, from the lowest to the highest that the models know.
/// </param>
/// <param name="Strength">How firmly, from 0, not at all, to 1.</param>
/// <remarks>A token has several pictures in time (the first picture one of its own), and is held as a whole.</remarks>
public sealed record Keyframe(int Frame, ReadOnlyMemory<float> Pixels, double Strength = 1);
