using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;

namespace Larder.Diffusion.Nodes;

/// <summary>The latents that tokens are held to, and for each token how much is left to the denoiser.</summary>
public sealed class LatentGuide : IMeasured
{
    internal LatentGuide(LatentShape shape, float[] clean, float[] mask)
    {
        Shape = shape;
        Clean = clean;
        Mask = mask;
    }

    /// <summary>The sizes.</summary>
    public LatentShape Shape { get; }

    /// <inheritdoc/>
    public long SizeBytes => (long)(Clean.Length + Mask.Length) * sizeof(float);

    /// <summary>[channel, frame, y, x]; of no meaning where the mask is 1.</summary>
    internal float[] Clean { get; }

    /// <summary>[frame, y, x]: 0 is held altogether, 1 is not held.</summary>
    internal float[] Mask { get; }

    /// <summary>Puts what is held in its place: <c>mask latents + (1 - mask) clean</c>.</summary>
    internal void Apply(Span<float> latents)
    {
        for (var place = 0; place < latents.Length; place++)
        {
            var mask = Mask[place % Mask.Length];
            latents[place] = mask * latents[place] + (1 - mask) * Clean[place];
        }
    }

    /// <summary>The times of the tokens at a level of noise.</summary>
    internal void Times(double sigma, Span<float> times)
    {
        for (var token = 0; token < Mask.Length; token++)
            times[token] = (float)(Mask[token] * sigma);
    }
}
