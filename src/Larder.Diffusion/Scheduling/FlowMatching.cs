using System.Numerics;
using System.Runtime.InteropServices;

namespace Larder.Diffusion.Scheduling;

/// <summary>The arithmetic between two runs of a denoiser, element by element.</summary>
/// <remarks>
/// Products and sums are rounded one by one, in vectors as in what is left over, so the same input gives the same bits on every
/// machine. A destination may be one of the sources, or apart from them.
/// </remarks>
public static class FlowMatching
{
    /// <summary>One step of Euler's: <c>x ← x0 + (next / sigma) (x - x0)</c>. The last one, to 0, gives x0 exactly.</summary>
    /// <param name="latents">x, at the level sigma; becomes that of the level next.</param>
    /// <param name="denoised">x0: what the denoiser takes for the picture.</param>
    /// <param name="sigma">The level of noise that x is at; above 0.</param>
    /// <param name="next">The level that it goes to; from 0 to less than sigma.</param>
    public static void Step(Span<float> latents, ReadOnlySpan<float> denoised, double sigma, double next)
    {
        CheckLevel(sigma, nameof(sigma));
        if (!(next >= 0 && next < sigma))
            throw new ArgumentOutOfRangeException(nameof(next), next, $"A step goes from {sigma} down.");
        // x0 + share (x - x0), which is x0 and not almost x0 where the share is 0.
        Blend(denoised, latents, (float)(next / sigma), latents);
    }

    /// <summary>What the denoiser takes for the picture: <c>x0 = x - sigma velocity</c>.</summary>
    /// <param name="latents">x, at the level sigma.</param>
    /// <param name="velocity">What the denoiser gave for it.</param>
    /// <param name="sigma">The level of noise.</param>
    /// <param name="denoised">Becomes x0.</param>
    public static void Denoise(
        ReadOnlySpan<float> latents,
        ReadOnlySpan<float> velocity,
        double sigma,
        Span<float> denoised
    )
    {
        CheckLevel(sigma, nameof(sigma));
        Combine(latents, velocity, 1, -(float)sigma, denoised);
    }

    /// <summary>Brings a picture to a level of noise: <c>sigma noise + (1 - sigma) clean</c>.</summary>
    /// <param name="clean">The picture.</param>
    /// <param name="noise">Noise of mean 0 and deviation 1.</param>
    /// <param name="sigma">The level of noise.</param>
    /// <param name="latents">Becomes the picture with noise.</param>
    public static void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, double sigma, Span<float> latents)
    {
        CheckLevel(sigma, nameof(sigma));
        Combine(clean, noise, (float)(1 - sigma), (float)sigma, latents);
    }

    /// <summary>Guidance without a classifier: <c>unconditional + guidance (conditional - unconditional)</c>.</summary>
    /// <param name="unconditional">What the denoiser gave without the prompt, or with the negative one.</param>
    /// <param name="conditional">What it gave with the prompt.</param>
    /// <param name="guidance">How far to go: 0 and 1 give the one and the other exactly.</param>
    /// <param name="guided">Becomes the result.</param>
    public static void Guide(
        ReadOnlySpan<float> unconditional,
        ReadOnlySpan<float> conditional,
        double guidance,
        Span<float> guided
    )
    {
        if (!double.IsFinite(guidance))
            throw new ArgumentOutOfRangeException(nameof(guidance), guidance, "Guidance is a finite number.");
        Blend(unconditional, conditional, (float)guidance, guided);
    }

    // from + share (to - from); exactly one of them where the share says so, whatever rounding or infinities would do.
    private static void Blend(ReadOnlySpan<float> from, ReadOnlySpan<float> to, float share, Span<float> result)
    {
        CheckSpans(from, to, result);
        if (share is 0 or 1)
        {
            (share is 0 ? from : to).CopyTo(result);
            return;
        }
        var fromVectors = Vectors(from);
        var toVectors = Vectors(to);
        var vectors = Vectors(result);
        for (var place = 0; place < vectors.Length; place++)
            vectors[place] = fromVectors[place] + share * (toVectors[place] - fromVectors[place]);
        for (var place = vectors.Length * Vector<float>.Count; place < result.Length; place++)
            result[place] = from[place] + share * (to[place] - from[place]);
    }

    // a first + b second
    private static void Combine(
        ReadOnlySpan<float> first,
        ReadOnlySpan<float> second,
        float a,
        float b,
        Span<float> result
    )
    {
        CheckSpans(first, second, result);
        var firstVectors = Vectors(first);
        var secondVectors = Vectors(second);
        var vectors = Vectors(result);
        for (var place = 0; place < vectors.Length; place++)
            vectors[place] = a * firstVectors[place] + b * secondVectors[place];
        for (var place = vectors.Length * Vector<float>.Count; place < result.Length; place++)
            result[place] = a * first[place] + b * second[place];
    }

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> values) =>
        MemoryMarshal.Cast<float, Vector<float>>(values);

    private static Span<Vector<float>> Vectors(Span<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);

    private static void CheckLevel(double sigma, string name)
    {
        if (!(sigma is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(name, sigma, "A level of noise is above 0 and at most 1.");
    }

    private static void CheckSpans(ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> result)
    {
        if (first.Length != second.Length || first.Length != result.Length)
            throw new ArgumentException(
                $"The latents are of {first.Length}, {second.Length} and {result.Length} elements: they must be of one length."
            );
        if (IsShifted(first, result) || IsShifted(second, result))
            throw new ArgumentException("The destination overlaps a source and does not begin where that begins.");
    }

    private static bool IsShifted(ReadOnlySpan<float> source, ReadOnlySpan<float> result) =>
        source.Overlaps(result, out var offset) && offset != 0;
}
