using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Larder.Content.Pictures;

/// <summary>Reads PNG files of 8 bits a channel, gray, RGB or RGBA, as this library and most programs write them.</summary>
internal static class PngReader
{
    /// <summary>The largest width and height.</summary>
    public const int MaxSide = 32768;

    /// <summary>The most bytes that the pixels may be: 1 GiB.</summary>
    public const int MaxBytes = 1 << 30;

    private const int HeaderBytes = 13;

    /// <summary>Reads a picture; of one that moves the first.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or is damaged.</exception>
    public static PngPicture Read(ReadOnlyMemory<byte> file)
    {
        if (!file.Span.StartsWith(PngChunk.Signature))
            throw new InvalidDataException("It is no PNG file.");
        var rest = file[PngChunk.Signature.Length..];
        var (name, header) = Next(ref rest);
        if (name != PngChunk.Header || header.Length != HeaderBytes)
            throw new InvalidDataException("The PNG file does not begin with a header.");
        var (width, height, channels) = ReadHeader(header.Span);
        using var compressed = new MemoryStream();
        ReadOnlyMemory<byte> bytes;
        for ((name, bytes) = Next(ref rest); name != PngChunk.End; (name, bytes) = Next(ref rest))
        {
            if (name == PngChunk.Pixels)
                compressed.Write(bytes.Span);
            // The second letter's case tells whether a reader may pass over what it does not know.
            else if (char.IsAsciiLetterUpper(name[0]) && name != "PLTE")
                throw new InvalidDataException($"The PNG file has a part '{name}' that only its own program reads.");
        }
        compressed.Position = 0;
        return new PngPicture(width, height, channels, ReadRows(compressed, width, height, channels));
    }

    private static (string Name, ReadOnlyMemory<byte> Bytes) Next(ref ReadOnlyMemory<byte> rest)
    {
        var span = rest.Span;
        if (span.Length < PngChunk.Overhead)
            throw new InvalidDataException("The PNG file is cut: it has no end.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(span);
        if (length > span.Length - PngChunk.Overhead)
            throw new InvalidDataException(
                $"The PNG file is cut: a part has {length} bytes of {span.Length - PngChunk.Overhead}."
            );
        var end = 8 + (int)length;
        var name = Encoding.ASCII.GetString(span[4..8]);
        if (!name.All(char.IsAsciiLetter))
            throw new InvalidDataException("The PNG file is damaged: a part has no name.");
        if (PngChunk.Check(span[4..end]) != BinaryPrimitives.ReadUInt32BigEndian(span[end..]))
            throw new InvalidDataException($"The PNG file is damaged: the check of its part '{name}' does not fit.");
        var bytes = rest[8..end];
        rest = rest[(end + 4)..];
        return (name, bytes);
    }

    private static (int Width, int Height, int Channels) ReadHeader(ReadOnlySpan<byte> header)
    {
        var width = BinaryPrimitives.ReadUInt32BigEndian(header);
        var height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        var channels = header[9] switch
        {
            0 => 1,
            2 => 3,
            6 => 4,
            _ => throw new InvalidDataException(
                "Its colours are of a palette or gray with opacity; only gray, RGB and RGBA are read."
            ),
        };
        if (header[8] != 8 || header[10] != 0 || header[11] != 0 || header[12] != 0)
            throw new InvalidDataException("Only PNG files of 8 bits a channel that are not interlaced are read.");
        if (width is 0 or > MaxSide || height is 0 or > MaxSide)
            throw new InvalidDataException($"It is {width} x {height}; 1 to {MaxSide} are read.");
        if ((long)width * height * channels > MaxBytes)
            throw new InvalidDataException($"Its pixels are more than {MaxBytes} bytes.");
        return ((int)width, (int)height, channels);
    }

    private static byte[] ReadRows(MemoryStream compressed, int width, int height, int channels)
    {
        var rowBytes = width * channels;
        RequirePlausible(compressed.Length, (long)rowBytes * height);
        var pixels = new byte[rowBytes * height];
        ReadOnlySpan<byte> above = new byte[rowBytes];
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        for (var rest = pixels.AsSpan(); !rest.IsEmpty; rest = rest[rowBytes..])
        {
            var filter = zlib.ReadByte();
            var row = rest[..rowBytes];
            if (filter < 0 || zlib.ReadAtLeast(row, rowBytes, throwOnEndOfStream: false) < rowBytes)
                throw new InvalidDataException("The PNG file is damaged: it has fewer rows than its header says.");
            PngFilter.Undo(filter, row, above, channels);
            above = row;
        }
        return zlib.ReadByte() < 0
            ? pixels
            : throw new InvalidDataException("The PNG file is damaged: it has more rows than its header says.");
    }

    // Deflate makes at most 1032 bytes of one: a small file that claims to be a large picture gets no memory.
    private static void RequirePlausible(long compressed, long pixels)
    {
        if (pixels > compressed * 1032)
            throw new InvalidDataException($"{compressed} compressed bytes cannot be {pixels} bytes of pixels.");
    }
}
