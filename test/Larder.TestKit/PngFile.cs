using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Larder.TestKit;

/// <summary>Reads PNG files of red, green and blue by the standard's own words, checks included, and shares no code with what writes them.</summary>
public sealed class PngFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is none, or not of this kind.</exception>
    public PngFile(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Require(file.AsSpan().StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), "signature");
        var rest = file.AsSpan(8);
        var parts = new List<(string Name, byte[] Bytes)>();
        while (!rest.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            Require(Crc(rest[4..(8 + length)]) == BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + length)..]), "check");
            parts.Add((Encoding.ASCII.GetString(rest[4..8]), rest[8..(8 + length)].ToArray()));
            rest = rest[(12 + length)..];
        }
        var header = parts[0].Bytes;
        Require(parts[0].Name == "IHDR" && header.Length == 13, "header");
        // 8 bits of red, green and blue each, compressed and filtered in the only ways that there are, not interlaced.
        Require(header.AsSpan(8).SequenceEqual<byte>([8, 2, 0, 0, 0]), "kind");
        Require(parts[^1] is ("IEND", []), "end");
        Width = BinaryPrimitives.ReadInt32BigEndian(header);
        Height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        Parts = parts;
    }

    /// <summary>The parts, in their order.</summary>
    public IReadOnlyList<(string Name, byte[] Bytes)> Parts { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The pixels of each picture: of one that does not move there is one.</summary>
    /// <exception cref="InvalidDataException">There are others than the animation says, or they are not in one sequence.</exception>
    public IReadOnlyList<byte[]> Pictures()
    {
        var pictures = Parts
            .Where(part => part.Name is "IDAT" or "fdAT")
            .Select(part => Decode(part.Name == "IDAT" ? part.Bytes : part.Bytes[4..]))
            .ToList();
        var sequence = Parts
            .Where(part => part.Name is "fcTL" or "fdAT")
            .Select(part => BinaryPrimitives.ReadInt32BigEndian(part.Bytes))
            .ToList();
        Require(sequence.SequenceEqual(Enumerable.Range(0, sequence.Count)), "sequence");
        var said = Parts
            .Where(part => part.Name == "acTL")
            .Select(part => BinaryPrimitives.ReadInt32BigEndian(part.Bytes));
        Require(pictures.Count == said.SingleOrDefault(1), "number of pictures");
        return pictures;
    }

    /// <summary>The pixels that compressed bytes stand for.</summary>
    public byte[] Decode(byte[] compressed)
    {
        using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        var bytes = rows.ToArray();
        var rowBytes = 3 * Width;
        Require((rowBytes + 1) * Height == bytes.Length, "number of rows");
        var pixels = new byte[rowBytes * Height];
        for (var y = 0; y < Height; y++)
        for (var x = 0; x < rowBytes; x++)
        {
            int left = x < 3 ? 0 : pixels[(y * rowBytes) + x - 3];
            int above = y == 0 ? 0 : pixels[((y - 1) * rowBytes) + x];
            int corner = x < 3 || y == 0 ? 0 : pixels[((y - 1) * rowBytes) + x - 3];
            var predicted = bytes[y * (rowBytes + 1)] switch
            {
                0 => 0,
                1 => left,
                2 => above,
                3 => (left + above) / 2,
                4 => new[] { left, above, corner }.MinBy(candidate => Math.Abs(left + above - corner - candidate)),
                var filter => throw new InvalidDataException($"filter {filter}"),
            };
            pixels[(y * rowBytes) + x] = (byte)(bytes[(y * (rowBytes + 1)) + 1 + x] + predicted);
        }
        return pixels;
    }

    private static void Require(bool isTrue, string what)
    {
        if (!isTrue)
            throw new InvalidDataException($"The {what} of the PNG file is not as it should be.");
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
