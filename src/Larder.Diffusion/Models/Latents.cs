using System.Globalization;
using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Models;

/// <summary>A clip as the denoiser sees it: noise, or what became of it. It never changes.</summary>
public sealed class Latents : IMeasured
{
    /// <summary>Makes latents over the caller's memory; nothing is copied, so leave it unchanged while they are used.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="values">The numbers in the order [channel, frame, y, x].</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers than the shape has.</exception>
    public Latents(LatentShape shape, ReadOnlyMemory<float> values)
    {
        if (values.Length != shape.Length)
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{values.Length} numbers are no latents of {shape}, which have {shape.Length}."
                ),
                nameof(values)
            );
        Shape = shape;
        Values = values;
    }

    /// <summary>The sizes.</summary>
    public LatentShape Shape { get; }

    /// <summary>The numbers in the order [channel, frame, y, x].</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <inheritdoc/>
    public long SizeBytes => (long)Values.Length * sizeof(float);

    /// <summary>Such as <c>latents 42×5×8×8</c>.</summary>
    public override string ToString() => $"latents {Shape}";
}
