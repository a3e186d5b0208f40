using System.Text;

namespace Larder.Pull.Archives;

/// <summary>A block of 512 bytes that begins an entry of a tar archive.</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    public const int SizeBytes = 512;

    private const int ChecksumAt = 148;
    private const int ChecksumLength = 8;

    private readonly ReadOnlySpan<byte> _block = block;

    /// <summary>Whether it is a block of the archive's end.</summary>
    public bool IsEnd => !_block.ContainsAnyExcept((byte)0);

    /// <summary>Whether its checksum is right; some old programs added signed bytes.</summary>
    public bool IsSound
    {
        get
        {
            var (unsigned, signed) = (0, 0);
            for (var i = 0; i < _block.Length; i++)
            {
                var value = i is >= ChecksumAt and < ChecksumAt + ChecksumLength ? (byte)' ' : _block[i];
                unsigned += value;
                signed += (sbyte)value;
            }
            return NumberAt(ChecksumAt, ChecksumLength) is { } checksum && (checksum == unsigned || checksum == signed);
        }
    }

    public char Type => (char)_block[156];

    /// <summary>How many bytes follow it; null when that is no number.</summary>
    public long? DataBytes => NumberAt(124, 12);

    /// <summary>Where a link leads.</summary>
    public string LinkTarget => TextOf(_block.Slice(157, 100));

    /// <summary>The time of its last change, in seconds since 1970; null when that is no number.</summary>
    public long? ModifiedSeconds => NumberAt(136, 12);

    public string Name
    {
        get
        {
            var name = TextOf(_block[..100]);
            // Only where POSIX wrote it is there more of the name; GNU has other things in its place.
            var isPosix = _block.Slice(257, 6).SequenceEqual("ustar\0"u8);
            return isPosix && TextOf(_block.Slice(345, 155)) is { Length: > 0 } prefix ? $"{prefix}/{name}" : name;
        }
    }

    /// <summary>Text up to a zero, or to the end of its field.</summary>
    public static string TextOf(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    // Octal digits, or, where the first bit is set, a big-endian number.
    private long? NumberAt(int offset, int length)
    {
        var field = _block.Slice(offset, length);
        long number = 0;
        if (field[0] >= 0x80)
        {
            if (field[0] != 0x80)
                return null; // Negative, or longer than any file.
            foreach (var value in field[1..])
            {
                if (number > long.MaxValue >> 8)
                    return null;
                number = (number << 8) | value;
            }
            return number;
        }
        field = field.Trim(" \0"u8);
        foreach (var digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return null;
            number = (number << 3) | (uint)(digit - '0');
        }
        return number;
    }
}
