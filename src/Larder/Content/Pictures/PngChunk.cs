using System.Buffers.Binary;
using System.Text;

namespace Larder.Content.Pictures;

/// <summary>The parts that a PNG file consists of: a length, a name, bytes, and a check of the name and the bytes.</summary>
internal static class PngChunk
{
    public const string Header = "IHDR";
    public const string Pixels = "IDAT";
    public const string End = "IEND";

    /// <summary>The bytes of a chunk beside its own: length, name and check.</summary>
    public const int Overhead = 12;

    private static readonly uint[] Table = MakeTable();

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The check of a name and bytes: CRC-32 as PNG, zip and Ethernet have it.</summary>
    public static uint Check(ReadOnlySpan<byte> nameAndBytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in nameAndBytes)
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    public static void Write(Stream file, string name, ReadOnlySpan<byte> bytes)
    {
        var chunk = new byte[Overhead + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, bytes.Length);
        Encoding.ASCII.GetBytes(name, chunk.AsSpan(4));
        bytes.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), Check(chunk.AsSpan(4..^4)));
        file.Write(chunk);
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var entry = i;
            for (var bit = 0; bit < 8; bit++)
                entry = (entry & 1) != 0 ? 0xEDB88320 ^ (entry >> 1) : entry >> 1;
            table[i] = entry;
        }
        return table;
    }
}
