using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Larder.Pull.Archives;

/// <summary>How long the list of entries of a zip archive is, before anybody reads it into memory.</summary>
/// <param name="Entries">How many entries it announces; more than these .NET's reader refuses.</param>
/// <param name="SizeBytes">How many bytes it takes.</param>
internal readonly record struct ZipDirectorySize(ulong Entries, long SizeBytes)
{
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int RecordBytes = 56;
    private const uint LocatorMark = 0x07064b50;

    /// <summary>Finds it where .NET's reader does; null when there is none.</summary>
    public static ZipDirectorySize? TryFind(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        // The record at the end has a comment behind it that may be as long as a 16-bit number tells.
        var bytes = new byte[Math.Min(length, EndBytes + ushort.MaxValue)];
        var start = length - bytes.Length;
        var read = RandomAccess.Read(file, bytes, start);
        var end = bytes.AsSpan(0, read).LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || end + EndBytes > read)
            return null;

        var record = bytes.AsSpan(end);
        var entries = (ulong)BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        var offset = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        var disk = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        if (disk == ushort.MaxValue || entries == ushort.MaxValue || offset == uint.MaxValue)
            (entries, offset) = Long(file, start + end) ?? (entries, offset);
        return new ZipDirectorySize(entries, offset > (ulong)(start + end) ? 0 : start + end - (long)offset);
    }

    /// <summary>What the record says that stands before the one at the end where that has no room; null without one.</summary>
    private static (ulong Entries, ulong Offset)? Long(SafeFileHandle file, long end)
    {
        Span<byte> bytes = stackalloc byte[RecordBytes];
        var locator = bytes[..LocatorBytes];
        if (
            end < LocatorBytes
            || RandomAccess.Read(file, locator, end - LocatorBytes) < LocatorBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorMark
        )
            return null;
        var at = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        return at >= 0 && at < end && RandomAccess.Read(file, bytes, at) == RecordBytes
            ? (
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..])
            )
            : null;
    }
}
