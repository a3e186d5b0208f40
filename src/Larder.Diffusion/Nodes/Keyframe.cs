using Larder.Diffusion.Models;
using Larder.Diffusion.Pictures;

namespace Larder.Diffusion.Nodes;

/// <summary>A picture that a clip is held to.</summary>
/// <param name="Frame">Which picture of the clip; the first is 0.</param>
/// <param name="Pixels">
/// The values in the order [plane, y, x], of the clip's own size, from the lowest to the highest that the models know.
/// </param>
/// <param name="Strength">How firmly, from 0, not at all, to 1.</param>
/// <remarks>A token has several pictures in time (the first picture one of its own), and is held as a whole.</remarks>
public sealed record Keyframe(int Frame, ReadOnlyMemory<float> Pixels, double Strength = 1)
{
    /// <summary>Makes one of a picture.</summary>
    /// <param name="frame">Which picture of the clip; the first is 0.</param>
    /// <param name="picture">The picture, of the clip's own size.</param>
    /// <param name="facts">The models that are to be held to it.</param>
    /// <param name="strength">How firmly, from 0, not at all, to 1.</param>
    public static Keyframe Of(int frame, Picture picture, VideoModelFacts facts, double strength = 1)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(facts);
        var rgb = picture.Rgb.Span;
        var pixels = picture.Width * picture.Height;
        var values = new float[Video.Planes * pixels];
        for (var place = 0; place < values.Length; place++)
            values[place] = (float)(
                facts.Lowest
                + (facts.Highest - facts.Lowest) * rgb[place % pixels * Video.Planes + place / pixels] / byte.MaxValue
            );
        return new Keyframe(frame, values, strength);
    }
}
