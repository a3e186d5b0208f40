using System.Globalization;

namespace Larder.Pull.Archives;

/// <summary>Reads a tar archive: ustar, pax and GNU.</summary>
/// <remarks>
/// .NET's own reader takes the length of an extended header on trust and makes room for it in memory, two gigabytes for half a
/// kilobyte. Here no header is longer than 1 MiB, and an archive has an end, behind which there are zeros only.
/// </remarks>
internal sealed class TarReader(Stream stream, string archive, ArchiveBudget budget, Func<long> position, long total)
    : IArchiveReader
{
    private const int MaxExtendedHeaderBytes = 1 << 20;

    private readonly byte[] _block = new byte[TarHeader.SizeBytes];
    private readonly byte[] _skipped = new byte[64 * 1024];
    private string _entry = "the first entry";
    private long _offset;
    private long _left;
    private int _padding;

    public long Total => total;

    public long Done => position();

    public ArchiveEntry? Next()
    {
        SkipData();
        string? longName = null;
        TarPaxRecords? extended = null;
        while (ReadHeader())
        {
            var header = new TarHeader(_block);
            if (!header.IsSound || header.DataBytes is not { } dataBytes)
                throw ArchiveException.Damaged(archive, At("is no tar archive, or is damaged,"));
            switch (header.Type)
            {
                case 'x':
                    extended = ReadExtended(dataBytes);
                    break;
                case 'g':
                    // It would be of all entries that follow: a commit's name, as a rule, which is no matter here.
                    if (ReadExtended(dataBytes) is not { Path: null, DataBytes: null, IsSparse: false })
                        throw ArchiveException.Damaged(
                            archive,
                            At("gives all its entries one name or size in a header")
                        );
                    break;
                case 'L':
                    longName = TarHeader.TextOf(ReadSmall(dataBytes));
                    break;
                case 'K':
                    ReadSmall(dataBytes); // Where a link leads, and links are refused.
                    break;
                default:
                    return Enter(header, longName, extended, dataBytes);
            }
        }
        ReadToEnd();
        return null;
    }

    public void Dispose() => stream.Dispose();

    private ArchiveEntry Enter(in TarHeader header, string? longName, TarPaxRecords? extended, long dataBytes)
    {
        _entry = extended?.Path ?? longName ?? header.Name;
        budget.CountEntry(_entry);
        var isFile = header.Type is '\0' or '0' or '7' && extended is not { IsSparse: true };
        // Before there was a type for them, directories were files with a slash at the end.
        var isDirectory = header.Type == '5' || (isFile && _entry.EndsWith('/'));
        _left = extended?.DataBytes ?? dataBytes;
        _padding = (int)(-_left & (TarHeader.SizeBytes - 1));
        if (isDirectory)
            return new ArchiveEntry(_entry, ArchiveEntryKind.Directory, 0);
        return isFile
            ? new ArchiveEntry(_entry, ArchiveEntryKind.File, _left) { Open = () => new Body(this) }
            : new ArchiveEntry(_entry, ArchiveEntryKind.Other, _left) { Fault = FaultOf(header.Type) };
    }

    private static string FaultOf(char type) =>
        type switch
        {
            '1' => "is a hard link, and links are never unpacked",
            '2' => "is a symbolic link, and links are never unpacked",
            '3' or '4' => "is a device, and only regular files are unpacked",
            '6' => "is a named pipe, and only regular files are unpacked",
            '\0' or '0' or '7' or 'S' => "is a sparse file, which Larder does not unpack",
            _ => $"is an entry of the type {(int)type}, which Larder does not know",
        };

    /// <summary>False at the mark of the archive's end.</summary>
    private bool ReadHeader()
    {
        if (Fill(_block) < _block.Length)
            throw Truncated();
        return !new TarHeader(_block).IsEnd;
    }

    private TarPaxRecords ReadExtended(long dataBytes) =>
        TarPaxRecords.TryRead(ReadSmall(dataBytes))
        ?? throw ArchiveException.Damaged(archive, At("has an extended header that makes no sense"));

    private ReadOnlySpan<byte> ReadSmall(long dataBytes)
    {
        if (dataBytes > MaxExtendedHeaderBytes)
            throw ArchiveException.Damaged(
                archive,
                At(Text($"has an extended header of {dataBytes} bytes, and {MaxExtendedHeaderBytes} are allowed,"))
            );
        var bytes = new byte[(dataBytes + TarHeader.SizeBytes - 1) / TarHeader.SizeBytes * TarHeader.SizeBytes];
        return Fill(bytes) == bytes.Length ? bytes.AsSpan(0, (int)dataBytes) : throw Truncated();
    }

    private void SkipData()
    {
        for (var left = _left + _padding; left > 0; )
        {
            var read = Fill(_skipped.AsSpan(0, (int)Math.Min(left, _skipped.Length)));
            if (read == 0)
                throw Truncated();
            left -= read;
        }
        (_left, _padding) = (0, 0);
    }

    private void ReadToEnd()
    {
        int read;
        while ((read = Fill(_skipped)) > 0)
        {
            if (_skipped.AsSpan(0, read).ContainsAnyExcept((byte)0))
                throw ArchiveException.Damaged(archive, At("goes on behind its end,"));
        }
    }

    private int ReadData(Span<byte> buffer)
    {
        var most = (int)Math.Min(buffer.Length, _left);
        if (most == 0)
            return 0;
        var read = Fill(buffer[..most]);
        _left -= read;
        return read == most ? read : throw Truncated();
    }

    private int Fill(Span<byte> buffer)
    {
        var done = 0;
        while (done < buffer.Length && stream.Read(buffer[done..]) is > 0 and var read)
        {
            // All of it, whoever wants it: what is skipped has to be unpacked too.
            budget.CountBytes(read, _entry);
            done += read;
        }
        _offset += done;
        return done;
    }

    private ArchiveException Truncated() =>
        ArchiveException.Damaged(archive, At("is cut off, or has no end mark: nothing follows"));

    private string At(string what) =>
        Text($"{what} at byte {_offset} of the tar, at {Content.Printable.Quote(_entry)}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The bytes of the present entry.</summary>
    private sealed class Body(TarReader reader) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => reader.ReadData(buffer);
    }
}
