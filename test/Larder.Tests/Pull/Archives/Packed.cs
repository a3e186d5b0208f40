using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Larder.Tests.Pull.Archives;

/// <summary>Archives as other programs would write them, good ones and bad ones.</summary>
internal static class Packed
{
    public static byte[] Zip(params (string Name, byte[] Bytes)[] files) =>
        Zip(zip =>
        {
            foreach (var (name, bytes) in files)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(bytes);
            }
        });

    public static byte[] Zip(Action<ZipArchive> write)
    {
        var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
            write(zip);
        return memory.ToArray();
    }

    public static byte[] Tar(params (string Name, byte[] Bytes)[] files) =>
        Tar(TarEntryFormat.Pax, [.. files.Select(file => File(file.Name, file.Bytes))]);

    public static byte[] Tar(TarEntryFormat format, params (string Name, TarEntryType Type, byte[] Bytes)[] entries)
    {
        if (entries.Length == 0)
            return new byte[1024]; // Where the writer writes nothing at all.
        var memory = new MemoryStream();
        using (var tar = new TarWriter(memory, format, leaveOpen: true))
        {
            foreach (var (name, type, bytes) in entries)
                tar.WriteEntry(Entry(format, name, type, bytes));
        }
        return memory.ToArray();
    }

    public static (string Name, TarEntryType Type, byte[] Bytes) File(string name, byte[] bytes) =>
        (name, TarEntryType.RegularFile, bytes);

    public static byte[] Gzip(byte[] bytes)
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return memory.ToArray();
    }

    public static byte[] TarGzip(params (string Name, byte[] Bytes)[] files) => Gzip(Tar(files));

    /// <summary>A header with a right checksum, whatever it says.</summary>
    public static byte[] TarHeader(string name, char type, long size)
    {
        var header = new byte[512];
        Encoding.UTF8.GetBytes(name).CopyTo(header, 0);
        "0000644\0"u8.CopyTo(header.AsSpan(100));
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0')).CopyTo(header, 124);
        "        "u8.CopyTo(header.AsSpan(148));
        header[156] = (byte)type;
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        var sum = header.Sum(value => value);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return header;
    }

    /// <summary>Changes a field in the central directory of a zip with one entry, and in its local header too.</summary>
    public static byte[] Patch(byte[] zip, int directoryOffset, int? localOffset, byte[] value)
    {
        var result = zip.ToArray();
        var end = result.AsSpan().LastIndexOf("PK\x05\x06"u8);
        var directory = BinaryPrimitives.ReadInt32LittleEndian(result.AsSpan(end + 16));
        value.CopyTo(result, directory + directoryOffset);
        if (localOffset is { } local)
            value.CopyTo(result, local);
        return result;
    }

    private static TarEntry Entry(TarEntryFormat format, string name, TarEntryType type, byte[] bytes)
    {
        if (format == TarEntryFormat.V7 && type == TarEntryType.RegularFile)
            type = TarEntryType.V7RegularFile;
        TarEntry entry = format switch
        {
            TarEntryFormat.V7 => new V7TarEntry(type, name),
            TarEntryFormat.Ustar => new UstarTarEntry(type, name),
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            _ => new PaxTarEntry(type, name),
        };
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            entry.LinkName = Encoding.UTF8.GetString(bytes);
        else if (bytes.Length > 0)
            entry.DataStream = new MemoryStream(bytes);
        return entry;
    }
}
