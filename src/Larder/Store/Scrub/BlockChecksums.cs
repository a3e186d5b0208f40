using System.Buffers.Binary;
using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>The CRC-32C of each block of a blob, so that damage can be told to a block.</summary>
/// <remarks>
/// Derived, and no proof of anything: whether a blob is right its digest decides. A blob of one block has none, because
/// which block is damaged the digest says there.
/// </remarks>
internal sealed class BlockChecksums(long lengthBytes, uint[] blocks)
{
    public const int BlockSizeBytes = 1 << 20;

    // Magic, block size, length of the blob; then a checksum for each block; last one over all that.
    private const int HeadSizeBytes = 8 + 4 + 8;

    private static ReadOnlySpan<byte> Magic => "LARDCRC1"u8;

    /// <summary>Length of the blob.</summary>
    public long LengthBytes { get; } = lengthBytes;

    /// <summary>Whether blobs of that length have a list.</summary>
    public static bool IsFor(long lengthBytes) => lengthBytes > BlockSizeBytes;

    /// <summary>Reads a list; null when it is none, or damaged.</summary>
    public static BlockChecksums? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadSizeBytes + 4 || !bytes.StartsWith(Magic))
            return null;
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]);
        if (
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) != BlockSizeBytes
            || !IsFor(length)
            || bytes.Length != FileSizeBytes(length)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) != Crc32C.Of(bytes[..^4])
        )
            return null;
        var blocks = new uint[BlockCount(length)];
        for (var i = 0; i < blocks.Length; i++)
            blocks[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(HeadSizeBytes + (4 * i))..]);
        return new BlockChecksums(length, blocks);
    }

    /// <summary>Length of the file that holds the list of a blob of that length.</summary>
    public static long FileSizeBytes(long lengthBytes) => HeadSizeBytes + (4 * BlockCount(lengthBytes)) + 4;

    public byte[] Encode()
    {
        var bytes = new byte[FileSizeBytes(LengthBytes)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), BlockSizeBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), LengthBytes);
        for (var i = 0; i < blocks.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(HeadSizeBytes + (4 * i)), blocks[i]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), Crc32C.Of(bytes.AsSpan(..^4)));
        return bytes;
    }

    /// <summary>Where a file differs from the one that this list is of: whole blocks, neighbours joined.</summary>
    /// <param name="actual">The checksums of what was read, no further than this list's length.</param>
    /// <param name="actualLengthBytes">How much there was to read in all.</param>
    public IReadOnlyList<ByteRange> Differences(BlockChecksums actual, long actualLengthBytes)
    {
        var ranges = new List<ByteRange>();
        var whole = actual.Blocks;
        for (var i = 0; i < blocks.Length; i++)
        {
            var offset = (long)i * BlockSizeBytes;
            var end = Math.Min(offset + BlockSizeBytes, LengthBytes);
            // A block that was cut has a checksum too, of less.
            if (i >= whole.Length || actualLengthBytes < end || whole[i] != blocks[i])
                Add(ranges, offset, end);
        }
        if (actualLengthBytes > LengthBytes)
            Add(ranges, LengthBytes, actualLengthBytes);
        return ranges;
    }

    /// <summary>The checksum of each block.</summary>
    public ReadOnlySpan<uint> Blocks => blocks;

    /// <summary>How many blocks so many bytes have.</summary>
    public static long BlockCount(long lengthBytes) => (lengthBytes + BlockSizeBytes - 1) / BlockSizeBytes;

    private static void Add(List<ByteRange> ranges, long offset, long end)
    {
        if (ranges is [.., var last] && last.Offset + last.Length == offset)
            ranges[^1] = last with { Length = end - last.Offset };
        else
            ranges.Add(new ByteRange(offset, end - offset));
    }
}
