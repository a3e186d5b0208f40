using System.Buffers.Binary;
using System.IO.Compression;

namespace Larder.Content.Pictures;

/// <summary>Writes pictures as PNG files (ISO/IEC 15948), of 8 bits a channel.</summary>
internal static class PngWriter
{
    /// <summary>Writes a picture.</summary>
    /// <param name="width">Its pixels in a row.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="channels">1 for shades of gray, 3 for red, green, blue, 4 for these and how opaque.</param>
    /// <param name="pixels">Row by row from the top, each pixel's channels together.</param>
    public static byte[] Write(int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        using var file = new MemoryStream();
        WriteHeader(file, width, height, channels);
        PngChunk.Write(file, PngChunk.Pixels, Compress(width, channels, pixels));
        PngChunk.Write(file, PngChunk.End, []);
        return file.ToArray();
    }

    /// <summary>Writes what stands before all other parts.</summary>
    public static void WriteHeader(Stream file, int width, int height, int channels)
    {
        file.Write(PngChunk.Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = channels switch
        {
            1 => 0,
            3 => 2,
            _ => 6,
        };
        PngChunk.Write(file, PngChunk.Header, header);
    }

    /// <summary>The pixels as they stand in a file.</summary>
    public static byte[] Compress(int width, int channels, ReadOnlySpan<byte> pixels)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            WriteRows(zlib, width * channels, channels, pixels);
        return compressed.ToArray();
    }

    private static void WriteRows(Stream target, int rowBytes, int channels, ReadOnlySpan<byte> pixels)
    {
        ReadOnlySpan<byte> above = new byte[rowBytes];
        var tried = new byte[1 + rowBytes];
        var best = new byte[1 + rowBytes];
        for (; !pixels.IsEmpty; pixels = pixels[rowBytes..])
        {
            var row = pixels[..rowBytes];
            var smallest = long.MaxValue;
            for (var filter = 0; filter < PngFilter.Count; filter++)
            {
                tried[0] = (byte)filter;
                PngFilter.Apply(filter, row, above, channels, tried.AsSpan(1));
                if (Size(tried.AsSpan(1)) is var size && size >= smallest)
                    continue;
                smallest = size;
                (best, tried) = (tried, best);
            }
            target.Write(best);
            above = row;
        }
    }

    // Small differences compress well: the rule of thumb of the standard's own text.
    private static long Size(ReadOnlySpan<byte> differences)
    {
        var size = 0L;
        foreach (var difference in differences)
            size += Math.Abs((int)(sbyte)difference);
        return size;
    }
}
