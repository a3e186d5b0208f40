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

    /// <summary>Makes a pixel of each square, of its mean: the way back from <see cref="Enlarge"/>.</summary>
    /// <param name="times">The pixels along each side of a square; 1 for the picture itself. Both sides are multiples of it.</param>
    /// <exception cref="ArgumentException">A side is no multiple of it.</exception>
    public Picture Shrink(int times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        if (Width % times != 0 || Height % times != 0)
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The sides of a picture of {Width}×{Height} are no multiples of {times}."
                ),
                nameof(times)
            );
        if (times == 1)
            return this;
        var sheet = new Sheet(Width / times, Height / times);
        Span<byte> mean = stackalloc byte[Planes];
        for (var y = 0; y < sheet.Height; y++)
        for (var x = 0; x < sheet.Width; x++)
        {
            for (var plane = 0; plane < Planes; plane++)
                mean[plane] = Mean(x * times, y * times, times, plane);
            sheet.Write(x, y, mean);
        }
        return sheet.ToPicture();
    }

    /// <summary>Reads a PNG file of 8 bits a channel, gray or coloured, without transparent pixels; of one that moves the first picture.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or is damaged.</exception>
    public static Picture FromPng(ReadOnlyMemory<byte> file)
    {
        var png = PngReader.Read(file);
        if (png.Channels == Planes)
            return new Picture(png.Width, png.Height, png.Pixels);
        if ((long)Planes * png.Width * png.Height > Array.MaxLength)
            throw new InvalidDataException("In red, green and blue it is too large for memory.");
        var source = png.Pixels.Span;
        var rgb = new byte[Planes * png.Width * png.Height];
        for (var pixel = 0; pixel < png.Width * png.Height; pixel++)
        {
            var channels = source.Slice(pixel * png.Channels, png.Channels);
            if (png.Channels > Planes && channels[Planes] != byte.MaxValue)
                throw new InvalidDataException("It has transparent pixels: give it a background.");
            for (var plane = 0; plane < Planes; plane++)
                rgb[Planes * pixel + plane] = channels[png.Channels == 1 ? 0 : plane];
        }
        return new Picture(png.Width, png.Height, rgb);
    }

    /// <summary>The bytes of a PNG file.</summary>
    public byte[] ToPng() => PngWriter.Write(Width, Height, Planes, Rgb.Span);

    private byte Mean(int left, int top, int side, int plane)
    {
        var sum = 0L;
        for (var y = top; y < top + side; y++)
        for (var x = left; x < left + side; x++)
            sum += Rgb.Span[Planes * (y * Width + x) + plane];
        return (byte)Math.Round((double)sum / ((long)side * side));
    }
}
