using System.Globalization;
using Larder.Content;
using Larder.Pull.Archives;
using Larder.Store;

namespace Larder.Baking.Images;

/// <summary>Reads the entries of a tar, links and all, one after another: of an image archive, or of a layer.</summary>
/// <remarks>
/// Another reader than the one that unpacks models (<see cref="TarReader"/>), which refuses what is no file and holds an archive
/// to limits: here nothing is unpacked. Programs that write layers may leave out what comes behind the last file's bytes.
/// </remarks>
/// <param name="stream">The tar; what is skipped is passed over where it can seek.</param>
/// <param name="fault">Makes the failure of whoever it belongs to, of what is wrong.</param>
internal sealed class TarScan(Stream stream, Func<string, ImageException> fault)
{
    private const int MaxExtendedHeaderBytes = 1 << 20;

    private static readonly string SealedTime = StoreLayout
        .BlobTime.ToUnixTimeSeconds()
        .ToString(CultureInfo.InvariantCulture);

    private readonly byte[] _block = new byte[TarHeader.SizeBytes];
    private readonly byte[] _skipped = new byte[64 * 1024];
    private long _left;
    private int _padding;

    /// <summary>The name, as it stands there.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What it is: <c>0</c> a file, <c>1</c> a hard link, <c>2</c> a symbolic link, <c>5</c> a directory.</summary>
    public char Type { get; private set; }

    /// <summary>Where a link leads.</summary>
    public string LinkTarget { get; private set; } = "";

    /// <summary>How many bytes it has.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Whether its bytes are a list of pieces and not the file.</summary>
    public bool IsSparse { get; private set; }

    /// <summary>Whether it has the time that blobs have.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Whether the mark of the end was met.</summary>
    public bool HasEndMark { get; private set; }

    /// <summary>Goes to the next entry; false at the end.</summary>
    /// <exception cref="ImageException">It is no tar, or is damaged or cut off.</exception>
    public bool Next()
    {
        Skip(_left);
        // umoci leaves out what fills the last block, and the mark of the end, and engines take its layers.
        Fill(_skipped.AsSpan(0, _padding));
        (_left, _padding) = (0, 0);
        string? longName = null;
        string? longLink = null;
        TarPaxRecords? extended = null;
        while (Fill(_block) is var read && read > 0)
        {
            var header = new TarHeader(_block);
            if (read == _block.Length && header.IsEnd)
            {
                HasEndMark = true;
                return false;
            }
            if (read < _block.Length || !header.IsSound || header.DataBytes is not { } dataBytes)
                throw fault(Near("is no tar, or is damaged or cut off,"));
            switch (header.Type)
            {
                case 'x':
                    extended = TarPaxRecords.TryRead(ReadSmall(dataBytes)) ?? throw NoSense();
                    break;
                case 'g':
                    if (
                        TarPaxRecords.TryRead(ReadSmall(dataBytes))
                        is not { Path: null, DataBytes: null, IsSparse: false }
                    )
                        throw NoSense();
                    break;
                case 'L':
                    longName = TarHeader.TextOf(ReadSmall(dataBytes));
                    break;
                case 'K':
                    longLink = TarHeader.TextOf(ReadSmall(dataBytes));
                    break;
                default:
                    Enter(header, longName, longLink, extended, dataBytes);
                    return true;
            }
        }
        return false;
    }

    /// <summary>Reads on in the bytes of the entry; 0 at their end.</summary>
    public int Read(Span<byte> buffer)
    {
        var most = (int)Math.Min(buffer.Length, _left);
        if (most == 0)
            return 0;
        var read = Fill(buffer[..most]);
        _left -= read;
        return read == most ? read : throw CutOff();
    }

    private void Enter(in TarHeader header, string? longName, string? longLink, TarPaxRecords? extended, long dataBytes)
    {
        Name = extended?.Path ?? longName ?? header.Name;
        LinkTarget = extended?.LinkTarget ?? longLink ?? header.LinkTarget;
        IsSparse = header.Type == 'S' || extended is { IsSparse: true };
        var type = header.Type is '\0' or '7' or 'S' ? '0' : header.Type;
        // Before there was a type for them, directories were files with a slash at the end.
        Type = type == '0' && Name.EndsWith('/') ? '5' : type;
        IsSealed = extended?.Modified is { } time
            ? time == SealedTime || time.TrimEnd('0') == SealedTime + "."
            : header.ModifiedSeconds == StoreLayout.BlobTime.ToUnixTimeSeconds();
        // Links may tell the size of what they link to, and no bytes follow.
        SizeBytes = _left = Type is '1' or '2' ? 0 : extended?.DataBytes ?? dataBytes;
        _padding = (int)(-_left & (TarHeader.SizeBytes - 1));
    }

    private ReadOnlySpan<byte> ReadSmall(long dataBytes)
    {
        if (dataBytes > MaxExtendedHeaderBytes)
            throw fault(
                Near(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"has an extended header of {dataBytes} bytes, and {MaxExtendedHeaderBytes} are allowed,"
                    )
                )
            );
        var bytes = new byte[(dataBytes + TarHeader.SizeBytes - 1) / TarHeader.SizeBytes * TarHeader.SizeBytes];
        return Fill(bytes) == bytes.Length ? bytes.AsSpan(0, (int)dataBytes) : throw CutOff();
    }

    private void Skip(long count)
    {
        if (count > 0 && stream.CanSeek)
        {
            // A seek behind the end would not be noticed.
            if (stream.Length - stream.Position < count)
                throw CutOff();
            stream.Seek(count, SeekOrigin.Current);
            return;
        }
        while (count > 0)
        {
            var read = Fill(_skipped.AsSpan(0, (int)Math.Min(count, _skipped.Length)));
            if (read == 0)
                throw CutOff();
            count -= read;
        }
    }

    private int Fill(Span<byte> buffer) => stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);

    private ImageException CutOff() => fault(Near("is cut off"));

    private ImageException NoSense() => fault(Near("has an extended header that makes no sense"));

    private string Near(string what) =>
        Name.Length == 0 ? $"{what} at its beginning" : $"{what} at or behind {Printable.Quote(Name)}";
}
