using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Larder.Diffusion.Tests.Pictures;

/// <summary>Reads PNG files by the standard's own words, checks included, and shares no code with what writes them.</summary>
internal sealed class PngFile
{
    public PngFile(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var rest = file.AsSpan(8);
        while (!rest.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            Assert.Equal(Crc(rest[4..(8 + length)]), BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + length)..]));
            Parts.Add((Encoding.ASCII.GetString(rest[4..8]), rest[8..(8 + length)].ToArray()));
            rest = rest[(12 + length)..];
        }
        var header = Parts[0].Bytes;
        Assert.Equal(("IHDR", 13), (Parts[0].Name, header.Length));
        // 8 bits of red, green and blue each, compressed and filtered in the only ways that there are, not interlaced.
        Assert.Equal([8, 2, 0, 0, 0], header[8..]);
        Width = BinaryPrimitives.ReadInt32BigEndian(header);
        Height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        Assert.Empty(Parts[^1].Bytes);
        Assert.Equal("IEND", Parts[^1].Name);
    }

    public List<(string Name, byte[] Bytes)> Parts { get; } = [];

    public int Width { get; }

    public int Height { get; }

    /// <summary>The pixels that compressed bytes stand for.</summary>
    public byte[] Decode(byte[] compressed)
    {
        using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        var bytes = rows.ToArray();
        var rowBytes = 3 * Width;
        Assert.Equal((rowBytes + 1) * Height, bytes.Length);
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
