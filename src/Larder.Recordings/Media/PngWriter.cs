using System.Buffers.Binary;
using System.IO.Compression;

namespace Larder.Recordings.Media;

/// <summary>Writes pictures as PNG files (ISO/IEC 15948).</summary>
internal static class PngWriter
{
    public static byte[] Write(RecordedImage image)
    {
        using var file = new MemoryStream();
        file.Write(PngChunk.Signature);
        PngChunk.Write(file, PngChunk.Header, Header(image));
        PngChunk.Write(file, PngChunk.Pixels, Compressed(image));
        PngChunk.Write(file, PngChunk.End, []);
        return file.ToArray();
    }

    private static byte[] Header(RecordedImage image)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        header[8] = 8;
        header[9] = image.Channels switch
        {
            1 => 0,
            3 => 2,
            _ => 6,
        };
        return header;
    }

    private static byte[] Compressed(RecordedImage image)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            WriteRows(zlib, image);
        return compressed.ToArray();
    }

    private static void WriteRows(Stream target, RecordedImage image)
    {
        var rowBytes = image.Width * image.Channels;
        ReadOnlySpan<byte> above = new byte[rowBytes];
        var tried = new byte[1 + rowBytes];
        var best = new byte[1 + rowBytes];
        for (var pixels = image.Pixels.Span; !pixels.IsEmpty; pixels = pixels[rowBytes..])
        {
            var row = pixels[..rowBytes];
            var smallest = long.MaxValue;
            for (var filter = 0; filter < PngFilter.Count; filter++)
            {
                tried[0] = (byte)filter;
                PngFilter.Apply(filter, row, above, image.Channels, tried.AsSpan(1));
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
