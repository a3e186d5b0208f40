using System.Globalization;
using Larder.Content.Pictures;

namespace Larder.Diffusion.Pictures;

/// <summary>A picture in red, green and blue, of 8 bits each. It never changes.</summary>
public sealed class Picture
{
    /// <summary>The largest width and height.</summary>
    public const int MaxSide = 32768;

    internal const int Planes = 3;

    /// <summary>Makes a picture over the caller's memory; nothing is copied, so leave it unchanged while the picture is used.</summary>
    /// <param name="width">The pixels in a row, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="height">The rows, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="rgb">Red, green and blue of each pixel, row by row from the top.</param>
    /// <exception cref="ArgumentException">There are more or fewer bytes than the sizes want, or a size is out of range.</exception>
    public Picture(int width, int height, ReadOnlyMemory<byte> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxSide);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxSide);
        if (rgb.Length != (long)Planes * width * height)
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A picture of {width}×{height} has {(long)Planes * width * height} bytes, and {rgb.Length} were given."
                ),
                nameof(rgb)
            );
        Width = width;
        Height = height;
        Rgb = rgb;
    }

    /// <summary>The pixels in a row.</summary>
    public int Width { get; }

    /// <summary>The rows.</summary>
    public int Height { get; }

    /// <summary>Red, green and blue of each pixel, row by row from the top.</summary>
    public ReadOnlyMemory<byte> Rgb { get; }

    /// <summary>Makes a square of each pixel, so that a person can look at a small picture as it is.</summary>
    /// <param name="times">The pixels along each side of a square; 1 for the picture itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side would be longer than <see cref="MaxSide"/>, or all of it too large for memory.</exception>
    public Picture Enlarge(int times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(times, MaxSide / Math.Max(Width, Height));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            (long)Rgb.Length * times * times,
            Array.MaxLength,
            nameof(times)
        );
        if (times == 1)
            return this;
        var sheet = new Sheet(Width * times, Height * times);
        var source = Rgb.Span;
        for (var y = 0; y < sheet.Height; y++)
        {
            var row = source.Slice(Planes * Width * (y / times), Planes * Width);
            for (var x = 0; x < sheet.Width; x++)
                sheet.Write(x, y, row.Slice(Planes * (x / times), Planes));
        }
        return sheet.ToPicture();
    }

    /// <summary>The bytes of a PNG file.</summary>
    public byte[] ToPng() => PngWriter.Write(Width, Height, Planes, Rgb.Span);
}
