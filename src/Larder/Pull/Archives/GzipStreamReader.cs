using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Larder.Transfer;
using Microsoft.Win32.SafeHandles;

namespace Larder.Pull.Archives;

/// <summary>The unpacked bytes of a gzip file, to its very end.</summary>
/// <remarks>
/// .NET's <see cref="GZipStream"/> takes half a file for a whole one, and says nothing of what stands behind the end. Here each
/// part (RFC 1952 calls it a member) must end with the checksum and the length of what it unpacked to, and behind the last one
/// there is nothing.
/// </remarks>
internal sealed class GzipStreamReader(SafeFileHandle file, string archive) : ReadOnlyStream
{
    private const int TrailerBytes = 8;
    private const int MaxNameBytes = 64 * 1024;

    private readonly long _length = RandomAccess.GetLength(file);
    private Packed? _packed;
    private DeflateStream? _member;
    private long _next;
    private uint _checksum;
    private uint _memberBytes;

    /// <summary>How many bytes of the file were read.</summary>
    public override long Position
    {
        get => _packed?.Offset ?? _next;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0)
            return 0;
        while (_next < _length || _member is not null)
        {
            _member ??= Begin();
            var read = Inflate(buffer);
            if (read > 0)
            {
                _checksum = Crc32.Append(_checksum, buffer[..read]);
                _memberBytes += (uint)read;
                return read;
            }
            End();
        }
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            _packed?.Dispose();
        }
        base.Dispose(disposing);
    }

    private DeflateStream Begin()
    {
        (_checksum, _memberBytes) = (0, 0);
        _packed = new Packed(file, SkipHeader(_next), _length);
        return new DeflateStream(_packed, CompressionMode.Decompress, leaveOpen: true);
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return _member!.Read(buffer);
        }
        catch (InvalidDataException damaged)
        {
            throw ArchiveException.Damaged(
                archive,
                Text($"is damaged near byte {Position}: {damaged.Message}"),
                damaged
            );
        }
    }

    /// <summary>Checks the trailer, and finds where the next part begins.</summary>
    private void End()
    {
        var packed = _packed!;
        _member!.Dispose();
        _member = null;
        if (packed.HasReachedEnd)
            throw Truncated();
        _next = FindEnd(packed);
        _packed = null;
        packed.Dispose();
    }

    // The inflater does not tell how much it took of the last bytes it was given. What it unpacked to tells the trailer, and
    // that eight given bytes stand among a few thousand others by chance does not happen.
    private long FindEnd(Packed packed)
    {
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _memberBytes);
        var bytes = new byte[packed.LastCount + TrailerBytes];
        var window = bytes.AsSpan(0, ReadAt(packed.LastOffset, bytes));
        long? end = null;
        for (int at = 0, found; (found = window[at..].IndexOf(trailer)) >= 0; at++)
        {
            at += found;
            var behind = packed.LastOffset + at + TrailerBytes;
            if (behind == _length || IsBegin(behind))
                return behind;
            end ??= behind;
        }
        throw end is { } known
            ? ArchiveException.Damaged(
                archive,
                Text($"goes on behind its end: it ends at byte {known} and has {_length}")
            )
            : new IntegrityException(
                archive,
                "the checksum in the archive",
                Text($"{_checksum:x8}"),
                Text(
                    $"'{archive}' is damaged or cut off: the {_memberBytes} bytes unpacked up to byte {packed.Offset} have the CRC-32 {_checksum:x8}, and the archive says another. Nothing was stored. Pull again, and if it happens again have it packed anew."
                )
            );
    }

    private bool IsBegin(long offset)
    {
        Span<byte> magic = stackalloc byte[2];
        return ReadAt(offset, magic) == magic.Length && magic is [0x1f, 0x8b];
    }

    private long SkipHeader(long offset)
    {
        const int hasHeaderChecksum = 2;
        const int hasExtra = 4;
        const int hasName = 8;
        const int hasComment = 16;
        Span<byte> header = stackalloc byte[10];
        Fill(offset, header);
        if (header is not [0x1f, 0x8b, 8, ..])
            throw ArchiveException.Damaged(archive, Text($"is no gzip file, or is damaged at byte {offset}"));
        offset += header.Length;
        var flags = header[3];
        if ((flags & hasExtra) != 0)
        {
            Fill(offset, header[..2]);
            offset += 2 + BinaryPrimitives.ReadUInt16LittleEndian(header);
        }
        if ((flags & hasName) != 0)
            offset = SkipText(offset);
        if ((flags & hasComment) != 0)
            offset = SkipText(offset);
        return (flags & hasHeaderChecksum) != 0 ? offset + 2 : offset;
    }

    private long SkipText(long offset)
    {
        var bytes = new byte[MaxNameBytes];
        var end = bytes.AsSpan(0, ReadAt(offset, bytes)).IndexOf((byte)0);
        return end >= 0
            ? offset + end + 1
            : throw ArchiveException.Damaged(archive, Text($"has a name without an end at byte {offset}"));
    }

    private void Fill(long offset, Span<byte> bytes)
    {
        if (ReadAt(offset, bytes) < bytes.Length)
            throw Truncated();
    }

    private int ReadAt(long offset, Span<byte> bytes)
    {
        var done = 0;
        while (done < bytes.Length && RandomAccess.Read(file, bytes[done..], offset + done) is > 0 and var read)
            done += read;
        return done;
    }

    private ArchiveException Truncated() =>
        ArchiveException.Damaged(archive, Text($"is cut off: it ends at byte {_length} in the middle of its data"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The file from some byte on, which knows what it gave last and whether more was asked for than there is.</summary>
    private sealed class Packed(SafeFileHandle file, long offset, long length) : ReadOnlyStream
    {
        public long Offset { get; private set; } = offset;

        public long LastOffset { get; private set; } = offset;

        public int LastCount { get; private set; }

        public bool HasReachedEnd { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = Offset < length ? RandomAccess.Read(file, buffer, Offset) : 0;
            HasReachedEnd |= read == 0;
            (LastOffset, LastCount) = (Offset, read);
            Offset += read;
            return read;
        }
    }
}
