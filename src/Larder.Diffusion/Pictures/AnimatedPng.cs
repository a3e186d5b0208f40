using System.Buffers.Binary;
using Larder.Content.Pictures;

namespace Larder.Diffusion.Pictures;

/// <summary>Writes clips as animated PNG files (third edition of the PNG standard), which browsers show and nothing is lost in.</summary>
/// <remarks>What knows no animation shows the first picture.</remarks>
public static class AnimatedPng
{
    private const string Animation = "acTL";
    private const string Control = "fcTL";
    private const string FramePixels = "fdAT";

    // So that fractions of a picture in a second are near enough: 23.976 is 23976 in 1000 seconds.
    private const int Fineness = 1000;

    /// <summary>The bytes of a file that shows pictures one after the other, again and again. Equal pictures give equal bytes.</summary>
    /// <param name="pictures">At least one, all of one size.</param>
    /// <param name="picturesPerSecond">0.1 to 1000.</param>
    /// <exception cref="ArgumentException">There are no pictures, or of several sizes, or the speed is out of range.</exception>
    public static byte[] Write(IReadOnlyList<Picture> pictures, double picturesPerSecond)
    {
        var (width, height) = ClipSize.Of(pictures);
        if (picturesPerSecond is not (>= 0.1 and <= 1000))
            throw new ArgumentOutOfRangeException(
                nameof(picturesPerSecond),
                picturesPerSecond,
                "0.1 to 1000 pictures can be shown in a second."
            );
        using var file = new MemoryStream();
        PngWriter.WriteHeader(file, width, height, Picture.Planes);
        WriteAnimation(file, pictures.Count);
        var sequence = 0;
        for (var i = 0; i < pictures.Count; i++)
        {
            WriteControl(file, sequence++, width, height, picturesPerSecond);
            var pixels = PngWriter.Compress(width, Picture.Planes, pictures[i].Rgb.Span);
            if (i == 0)
                PngChunk.Write(file, PngChunk.Pixels, pixels);
            else
                WritePixels(file, sequence++, pixels);
        }
        PngChunk.Write(file, PngChunk.End, []);
        return file.ToArray();
    }

    /// <summary>How long a picture is shown, as a fraction of a second of numbers of 16 bits.</summary>
    internal static (ushort Numerator, ushort Denominator) DelayOf(double picturesPerSecond)
    {
        if (picturesPerSecond < 1)
            return ((ushort)Math.Round(Fineness / picturesPerSecond), Fineness);
        var numerator = double.IsInteger(picturesPerSecond)
            ? 1
            : Math.Min(Fineness, Math.Floor(ushort.MaxValue / picturesPerSecond));
        return ((ushort)numerator, (ushort)Math.Round(numerator * picturesPerSecond));
    }

    private static void WriteAnimation(MemoryStream file, int pictures)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(bytes, pictures);
        // How often: zero stands for without end.
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], 0);
        PngChunk.Write(file, Animation, bytes);
    }

    // Each picture takes the place of all of the one before it: what to do with that, and how to mix, stay zero.
    private static void WriteControl(MemoryStream file, int sequence, int width, int height, double picturesPerSecond)
    {
        Span<byte> bytes = stackalloc byte[26];
        bytes.Clear();
        BinaryPrimitives.WriteInt32BigEndian(bytes, sequence);
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], width);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], height);
        var (numerator, denominator) = DelayOf(picturesPerSecond);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[20..], numerator);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[22..], denominator);
        PngChunk.Write(file, Control, bytes);
    }

    private static void WritePixels(MemoryStream file, int sequence, byte[] pixels)
    {
        var bytes = new byte[4 + pixels.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, sequence);
        pixels.CopyTo(bytes, 4);
        PngChunk.Write(file, FramePixels, bytes);
    }
}
