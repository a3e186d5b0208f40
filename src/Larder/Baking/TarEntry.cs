using System.Globalization;
using System.Text;
using Larder.Pull.Archives;
using Larder.Store;

namespace Larder.Baking;

/// <summary>An entry of a tar archive that is written: the same bytes for the same entry, on whatever machine.</summary>
/// <param name="Path">Its name; a directory's without a slash at the end.</param>
/// <param name="Kind">What it is.</param>
/// <param name="SizeBytes">How many bytes follow it.</param>
/// <param name="LinkTarget">Where a symbolic link leads.</param>
internal sealed record TarEntry(string Path, TarEntryKind Kind, long SizeBytes = 0, string LinkTarget = "")
{
    private const int NameLength = 100;

    // Eleven octal digits.
    private const long LargestPlainSize = (1L << 33) - 1;

    /// <summary>What ends an archive.</summary>
    public static readonly ReadOnlyMemory<byte> End = new byte[2 * TarHeader.SizeBytes];

    /// <summary>Bytes of an archive that the entry takes, its header and what fills its last block included.</summary>
    public long TotalBytes => Header().Length + SizeBytes + PaddingBytes;

    /// <summary>Bytes that fill its last block.</summary>
    public int PaddingBytes => (int)(-SizeBytes & (TarHeader.SizeBytes - 1));

    /// <summary>The blocks before its bytes: one, and what does not fit into it before that (pax).</summary>
    public byte[] Header()
    {
        var name = Encoding.UTF8.GetBytes(Kind == TarEntryKind.Directory ? Path + "/" : Path);
        var link = Encoding.UTF8.GetBytes(LinkTarget);
        var records = new List<byte>();
        if (!FitsField(name))
            AddRecord(records, "path", name);
        if (!FitsField(link))
            AddRecord(records, "linkpath", link);
        if (SizeBytes > LargestPlainSize)
            AddRecord(records, "size", Encoding.ASCII.GetBytes(SizeBytes.ToString(CultureInfo.InvariantCulture)));
        if (records.Count == 0)
            return Block(name, link, (char)Kind, SizeBytes);
        var extended = new byte[(records.Count + TarHeader.SizeBytes - 1) / TarHeader.SizeBytes * TarHeader.SizeBytes];
        records.CopyTo(extended);
        return
        [
            .. Block("PaxHeader"u8, [], 'x', records.Count),
            .. extended,
            .. Block(name, link, (char)Kind, SizeBytes),
        ];
    }

    // A name that is not ASCII means in a plain field what its reader likes.
    private static bool FitsField(byte[] text) => text.Length <= NameLength && Ascii.IsValid(text);

    // "length name=value\n", the length being that of all of it, its own digits included.
    private static void AddRecord(List<byte> records, string name, byte[] value)
    {
        var rest = name.Length + value.Length + 3;
        var length = rest + 1;
        while (length != rest + Digits(length))
            length = rest + Digits(length);
        records.AddRange(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} {name}=")));
        records.AddRange(value);
        records.Add((byte)'\n');
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static byte[] Block(ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, char type, long sizeBytes)
    {
        var block = new byte[TarHeader.SizeBytes];
        name[..Math.Min(name.Length, NameLength)].CopyTo(block);
        Octal(block.AsSpan(100, 8), (int)ModeOf(type));
        Octal(block.AsSpan(108, 8), 0);
        Octal(block.AsSpan(116, 8), 0);
        Octal(block.AsSpan(124, 12), sizeBytes <= LargestPlainSize ? sizeBytes : 0);
        Octal(block.AsSpan(136, 12), StoreLayout.BlobTime.ToUnixTimeSeconds());
        block.AsSpan(148, 8).Fill((byte)' ');
        block[156] = (byte)type;
        link[..Math.Min(link.Length, NameLength)].CopyTo(block.AsSpan(157));
        "ustar\0"u8.CopyTo(block.AsSpan(257));
        "00"u8.CopyTo(block.AsSpan(263));
        var sum = 0;
        foreach (var value in block)
            sum += value;
        Octal(block.AsSpan(148, 7), sum);
        return block;
    }

    private static UnixFileMode ModeOf(char type) =>
        (TarEntryKind)type switch
        {
            TarEntryKind.Directory => StoreLayout.BlobMode
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute
                | UnixFileMode.OtherExecute,
            TarEntryKind.SymbolicLink => (UnixFileMode)0x1ff,
            _ => StoreLayout.BlobMode,
        };

    // As many digits as there is room for before the zero at the end.
    private static void Octal(Span<byte> field, long number)
    {
        for (var i = field.Length - 2; i >= 0; i--, number >>= 3)
            field[i] = (byte)('0' + (number & 7));
        field[^1] = 0;
    }
}
