using System.Globalization;
using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Models;

/// <summary>A clip of pictures in red, green and blue. It never changes.</summary>
public sealed class Video : IMeasured
{
    /// <summary>The planes of a picture: red, green, blue.</summary>
    public const int Planes = 3;

    private readonly float _lowest;
    private readonly float _highest;

    internal Video(VideoModelFacts facts, int frames, int height, int width, ReadOnlyMemory<float> values)
    {
        Frames = frames;
        Height = height;
        Width = width;
        FramesPerSecond = facts.FramesPerSecond;
        Values = values;
        _lowest = (float)facts.Lowest;
        _highest = (float)facts.Highest;
    }

    /// <summary>The pictures.</summary>
    public int Frames { get; }

    /// <summary>The pixels from top to bottom.</summary>
    public int Height { get; }

    /// <summary>The pixels from left to right.</summary>
    public int Width { get; }

    /// <summary>How many pictures are shown in a second.</summary>
    public double FramesPerSecond { get; }

    /// <summary>The values in the order [plane, frame, y, x], in the range of the models.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <inheritdoc/>
    public long SizeBytes => (long)Values.Length * sizeof(float);

    /// <summary>One picture as bytes of red, green and blue, pixel after pixel and row after row from the top.</summary>
    /// <param name="frame">The picture; the first is 0.</param>
    public byte[] ToRgb(int frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame, Frames);
        var pixels = Height * Width;
        var rgb = new byte[Planes * pixels];
        for (var plane = 0; plane < Planes; plane++)
        {
            var source = Values.Span.Slice((plane * Frames + frame) * pixels, pixels);
            for (var pixel = 0; pixel < pixels; pixel++)
                rgb[pixel * Planes + plane] = ToByte(source[pixel]);
        }
        return rgb;
    }

    /// <summary>Such as <c>video of 17 pictures, 64×64</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"video of {Frames} pictures, {Width}×{Height}");

    // A conversion to a byte saturates, and what is no number becomes black.
    private byte ToByte(float value) => (byte)MathF.Round((value - _lowest) / (_highest - _lowest) * byte.MaxValue);
}
