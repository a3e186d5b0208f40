namespace ModelGenerator.Video;

/// <summary>A latent frame that is held to an image while the others are made.</summary>
/// <param name="Clean">The latents of a whole clip, of which only those of <paramref name="Frame"/> count.</param>
/// <param name="Frame">The latent frame.</param>
/// <param name="Strength">From 0, not held at all, to 1.</param>
/// <param name="HasOwnTime">
/// Whether the frame has less noise than the others from the start, and the model is told so. If not, it begins as noise too,
/// and only what the model takes it for is put right in each step.
/// </param>
internal sealed record GuidedFrame(float[] Clean, int Frame, double Strength = 1, bool HasOwnTime = true);
