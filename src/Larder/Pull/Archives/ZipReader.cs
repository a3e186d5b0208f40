using System.Collections.ObjectModel;
using System.Globalization;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace Larder.Pull.Archives;

/// <summary>Reads a zip archive by its central directory.</summary>
internal sealed class ZipReader : IArchiveReader
{
    /// <summary>The list of entries is in memory as a whole: a name may be long, but not each.</summary>
    private const int DirectoryBytesPerEntry = 1024;

    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int DirectoryType = 0x4000;
    private const int SymbolicLink = 0xA000;

    private readonly string _archive;
    private readonly ArchiveBudget _budget;
    private readonly ZipArchive _zip;
    private readonly ReadOnlyCollection<ZipArchiveEntry> _entries;
    private int _next;

    /// <summary>Reads the list of entries.</summary>
    /// <exception cref="ArchiveException">There is none, or it is longer than is allowed.</exception>
    public ZipReader(SafeFileHandle file, string archive, ArchiveBudget budget)
    {
        _archive = archive;
        _budget = budget;
        ThrowIfTooMany(file);
        try
        {
            _zip = new ZipArchive(new FileStream(file, FileAccess.Read), ZipArchiveMode.Read);
            _entries = _zip.Entries;
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
        {
            throw ArchiveException.Damaged(archive, $"is no zip archive, or is damaged: {damaged.Message}", damaged);
        }
        Total = _entries.Sum(entry => Math.Clamp(entry.CompressedLength, 0, RandomAccess.GetLength(file)));
    }

    public long Total { get; }

    public long Done { get; private set; }

    public ArchiveEntry? Next()
    {
        if (_next > 0)
            Done += Math.Max(0, _entries[_next - 1].CompressedLength);
        if (_next == _entries.Count)
            return null;
        var entry = _entries[_next++];
        _budget.CountEntry(entry.FullName);
        var (kind, fault) = KindOf(entry);
        return new ArchiveEntry(entry.FullName, kind, entry.Length)
        {
            Fault = fault,
            Open = () => Open(entry),
            Checksum = entry.Crc32,
        };
    }

    public void Dispose() => _zip.Dispose();

    private static (ArchiveEntryKind Kind, string Fault) KindOf(ZipArchiveEntry entry)
    {
        // What it is on Unix, where it was packed there; else nothing.
        var type = (entry.ExternalAttributes >> 16) & TypeMask;
        var isDirectory = entry.FullName.EndsWith('/');
        if (type == SymbolicLink)
            return (ArchiveEntryKind.Other, "is a symbolic link, and links are never unpacked");
        if (type is not (0 or RegularFile or DirectoryType))
            return (ArchiveEntryKind.Other, "is a device, a pipe or a socket, and only regular files are unpacked");
        if (isDirectory || type == DirectoryType)
            return entry.Length == 0
                ? (ArchiveEntryKind.Directory, "")
                : (ArchiveEntryKind.Other, "is a directory that has bytes");
        return entry.IsEncrypted
            ? (ArchiveEntryKind.Other, "is encrypted, and Larder has no key for it")
            : (ArchiveEntryKind.File, "");
    }

    private Body Open(ZipArchiveEntry entry)
    {
        try
        {
            return new Body(this, entry, entry.Open());
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
        {
            throw Refused(entry, damaged);
        }
    }

    private ArchiveException Refused(ZipArchiveEntry entry, Exception damaged) =>
        ArchiveException.Refused(_archive, entry.FullName, $"cannot be unpacked: {damaged.Message}", damaged);

    private void ThrowIfTooMany(SafeFileHandle file)
    {
        if (ZipDirectorySize.TryFind(file) is not { } directory)
            return;
        var most = _budget.Limits.MaxEntries;
        if (directory.Entries > (ulong)most || directory.SizeBytes > (long)most * DirectoryBytesPerEntry)
            throw new ArchiveException(
                _archive,
                entry: null,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{_archive}' lists {directory.Entries} entries in {directory.SizeBytes} bytes; the limit is {most} entries, and {DirectoryBytesPerEntry} bytes for each on average. Nothing was stored. If you know where it comes from, raise archives.max_entries."
                )
            );
    }

    /// <summary>The bytes of an entry, counted as they come.</summary>
    private sealed class Body(ZipReader reader, ZipArchiveEntry entry, Stream stream) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            try
            {
                var read = stream.Read(buffer);
                reader._budget.CountBytes(read, entry.FullName);
                return read;
            }
            catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
            {
                throw reader.Refused(entry, damaged);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
