using Larder.Content.Pictures;
using Larder.Content.Tensors;

namespace Larder.Recordings;

/// <summary>A picture of 8 bits a channel, which recordings keep as a PNG file beside them.</summary>
/// <remarks>Register it for a library's own pictures: <c>options.Forms.Add&lt;MyBitmap, RecordedImage&gt;(…)</c>.</remarks>
public sealed class RecordedImage : ITensorContent
{
    /// <summary>The largest width and height.</summary>
    public const int MaxSide = PngReader.MaxSide;

    /// <summary>The most bytes that the pixels may be: 1 GiB.</summary>
    public const int MaxBytes = PngReader.MaxBytes;

    /// <summary>Makes a picture over the caller's memory; nothing is copied.</summary>
    /// <param name="width">1 to <see cref="MaxSide"/>.</param>
    /// <param name="height">1 to <see cref="MaxSide"/>.</param>
    /// <param name="channels">1 for shades of gray, 3 for red, green, blue, 4 for these and how opaque.</param>
    /// <param name="pixels">Row by row from the top, each pixel's channels together.</param>
    /// <exception cref="ArgumentException">The pixels are not as many as the sizes say, or a size is out of range.</exception>
    public RecordedImage(int width, int height, int channels, ReadOnlyMemory<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxSide);
        if (channels is not (1 or 3 or 4))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "A picture has 1, 3 or 4 channels.");
        var expected = (long)width * height * channels;
        if (expected > MaxBytes)
            throw new ArgumentException($"{expected} bytes of pixels are more than {MaxBytes}.", nameof(pixels));
        if (pixels.Length != expected)
            throw new ArgumentException(
                $"A picture of {width} x {height} x {channels} has {expected} bytes, and {pixels.Length} were given.",
                nameof(pixels)
            );
        (Width, Height, Channels, Pixels) = (width, height, channels, pixels);
    }

    /// <summary>The pixels in a row.</summary>
    public int Width { get; }

    /// <summary>The rows.</summary>
    public int Height { get; }

    /// <summary>1 for shades of gray, 3 for red, green, blue, 4 for these and how opaque.</summary>
    public int Channels { get; }

    /// <summary>Row by row from the top, each pixel's channels together.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    string ITensorContent.ElementType => "uint8";

    IReadOnlyList<long> ITensorContent.Shape => [Height, Width, Channels];

    ReadOnlyMemory<byte> ITensorContent.Bytes => Pixels;
}
