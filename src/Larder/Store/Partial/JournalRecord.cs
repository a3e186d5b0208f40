using System.Buffers.Binary;
using Larder.Content;
using Larder.Store.Scrub;

namespace Larder.Store.Partial;

/// <summary>One line of a <see cref="PartialJournal"/>: 64 bytes with a checksum of their own.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="File">The file that it is about: its name in the staging area.</param>
/// <param name="Value">The length of a file, or the number of a block.</param>
/// <param name="Checksum">Of a block, CRC-32C.</param>
/// <param name="Id">Of a file: what it will be. Of the whole journal: whose transfer it is.</param>
internal readonly record struct JournalRecord(
    JournalRecordKind Kind,
    int File = 0,
    long Value = 0,
    uint Checksum = 0,
    Digest Id = default
)
{
    public const int SizeBytes = 64;

    private const int ChecksumAt = SizeBytes - 4;

    /// <summary>Reads a record; null when it is none, or was torn.</summary>
    public static JournalRecord? TryDecode(ReadOnlySpan<byte> bytes)
    {
        // A hole reads as zeros, and their checksum is not zero: the kind is in it.
        if (
            bytes.Length != SizeBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != Crc32C.Of(bytes[..ChecksumAt])
        )
            return null;
        return new JournalRecord(
            (JournalRecordKind)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]),
            Digest.FromBytes(bytes.Slice(20, Digest.SizeBytes))
        );
    }

    public byte[] Encode()
    {
        var bytes = new byte[SizeBytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)Kind);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), File);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), Checksum);
        Id.CopyTo(bytes.AsSpan(20));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), Crc32C.Of(bytes.AsSpan(..ChecksumAt)));
        return bytes;
    }
}
