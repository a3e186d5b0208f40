using System.Globalization;
using System.Security.Cryptography;
using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Larder.Store.Scrub;
using Larder.Transfer;
using Microsoft.Win32.SafeHandles;

namespace Larder.Pull.Archives;

/// <summary>Unpacks an archive that was fetched into a staging area, by the same way that fetched files go into the store.</summary>
/// <remarks>
/// Regular files only, under names that a manifest can have; a link, a device, a pipe or a name that leads out is a failure, and
/// then nothing is stored. Archives within archives are files. A directory that all files share stays part of their paths.
/// </remarks>
internal sealed class Unpacker(
    ArchiveFile archive,
    FileSelection selection,
    ArchiveLimits limits,
    TransferTarget target,
    StagingArea staging,
    UnpackRoom room
)
{
    private const int BufferSizeBytes = 1 << 20;

    private static readonly Dictionary<int, uint> NothingSaid = [];

    private readonly string _name = archive.Reference.Text;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSizeBytes);
    private readonly List<string> _found = [];
    private readonly List<ManifestFile> _files = [];

    // By the rule that a manifest has for names.
    private readonly HashSet<string> _paths = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Unpacks what is chosen, and removes the archive.</summary>
    /// <param name="fetched">The archive.</param>
    /// <param name="progress">Told how far it is; null.</param>
    /// <param name="timeProvider">The clock of the progress.</param>
    /// <param name="cancellationToken">Ends it between two blocks.</param>
    /// <exception cref="ArchiveException">It cannot be unpacked, or may not be.</exception>
    /// <exception cref="IntegrityException">A checksum in it is wrong.</exception>
    /// <exception cref="OriginException">Nothing in it is chosen.</exception>
    public async Task<TransferResult> RunAsync(
        TransferResult fetched,
        IProgress<TransferProgress>? progress,
        TimeProvider timeProvider,
        CancellationToken cancellationToken
    )
    {
        var path = fetched.Staged[fetched.Manifest.Files[0].Digest];
        var manifest = await UnpackOrDropAsync(path, progress, timeProvider, cancellationToken).ConfigureAwait(false);
        Posix.Unlink(path);
        Posix.Unlink(BlockChecksumFile.PathFor(path));
        return new TransferResult(
            manifest,
            target.Staged,
            fetched.FilesFetched > 0 ? manifest.Files.Count : 0,
            fetched.BytesFetched
        );
    }

    private async Task<Manifest> UnpackOrDropAsync(
        string path,
        IProgress<TransferProgress>? progress,
        TimeProvider timeProvider,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await UnpackAsync(path, progress, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (LarderException failure) when (failure is not NoRoomException)
        {
            // As for a file with a wrong digest: the next pull must not begin with the same bytes.
            staging.Settle();
            throw;
        }
    }

    private async Task<Manifest> UnpackAsync(
        string path,
        IProgress<TransferProgress>? progress,
        TimeProvider timeProvider,
        CancellationToken cancellationToken
    )
    {
        using var file = File.OpenHandle(path);
        var budget = new ArchiveBudget(limits, _name, RandomAccess.GetLength(file));
        using var reader = Open(file, budget);
        using var meter = new ProgressMeter(1, reader.Total, progress, timeProvider);
        var told = meter.Begin(archive.File.Path, reader.Total);
        long done = 0;
        while (reader.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (PathOf(entry, budget) is { } wanted)
                _files.Add(await UnpackFileAsync(entry, wanted, Tell, cancellationToken).ConfigureAwait(false));
            Tell();
        }
        meter.Done(told);
        return End();

        void Tell()
        {
            told.Found(reader.Done - done);
            done = reader.Done;
        }
    }

    private IArchiveReader Open(SafeFileHandle file, ArchiveBudget budget)
    {
        if (archive.Format == ArchiveFormat.Zip)
            return new ZipReader(file, _name, budget);
        var length = RandomAccess.GetLength(file);
        if (archive.Format == ArchiveFormat.Tar)
        {
            var plain = new FileStream(file, FileAccess.Read);
            return new TarReader(plain, _name, budget, () => plain.Position, length);
        }
        var unpacked = new GzipStreamReader(file, _name);
        return new TarReader(unpacked, _name, budget, () => unpacked.Position, length);
    }

    /// <summary>Where an entry goes; null for what is not unpacked.</summary>
    /// <exception cref="ArchiveException">It may not be unpacked.</exception>
    private string? PathOf(ArchiveEntry entry, ArchiveBudget budget)
    {
        var isDirectory = entry.Kind == ArchiveEntryKind.Directory;
        var path = isDirectory ? entry.Name.TrimEnd('/') : entry.Name;
        // What 'tar -c .' writes, and no way out.
        while (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        if (path == "." && isDirectory)
            return null;
        if (ManifestPath.FaultIn(path) is { } fault)
            throw ArchiveException.Refused(_name, entry.Name, fault);
        if (path.Contains('\uFFFD', StringComparison.Ordinal))
            throw ArchiveException.Refused(_name, entry.Name, "has a name that is not UTF-8");
        if (isDirectory)
            return null;
        _found.Add(path);
        if (!selection.Has(path))
            return null;
        if (entry.Kind == ArchiveEntryKind.Other)
            throw ArchiveException.Refused(_name, entry.Name, entry.Fault);
        budget.CheckDepth(path, entry.Name);
        budget.Announce(entry.SizeBytes, entry.Name);
        return _paths.Add(path)
            ? path
            : throw ArchiveException.Refused(
                _name,
                entry.Name,
                "is there twice, or another differs from it only in letter case"
            );
    }

    private async Task<ManifestFile> UnpackFileAsync(
        ArchiveEntry entry,
        string wanted,
        Action tell,
        CancellationToken cancellationToken
    )
    {
        var path = staging.NewPath();
        using var file = new TargetFile(path, StagingArea.CreateFile(path, sizeBytes: 0), NothingSaid, partial: null);
        using var body = entry.Open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var blocks = new BlockChecksumBuilder();
        var checksum = 0u;
        long offset = 0;
        int read;
        while ((read = Fill(body)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await room.TakeAsync(read, cancellationToken).ConfigureAwait(false);
            var bytes = _buffer.AsSpan(0, read);
            hash.AppendData(bytes);
            blocks.Append(bytes);
            if (entry.Checksum is not null)
                checksum = Crc32.Append(checksum, bytes);
            RandomAccess.Write(file.Handle, bytes, offset);
            offset += read;
            tell();
        }
        Check(entry, offset, checksum);
        return target.Seal(
            archive.Reference,
            new OriginFile(wanted, offset, archive.File.Version),
            new FetchedFile(offset, Digest.FromBytes(hash.GetHashAndReset()), blocks.End()),
            file
        );
    }

    private int Fill(Stream body) => body.ReadAtLeast(_buffer, _buffer.Length, throwOnEndOfStream: false);

    private void Check(ArchiveEntry entry, long sizeBytes, uint checksum)
    {
        if (sizeBytes != entry.SizeBytes)
            throw ArchiveException.Refused(
                _name,
                entry.Name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"is damaged: {entry.SizeBytes} bytes are announced, and it has {sizeBytes}"
                )
            );
        if (entry.Checksum is { } expected && expected != checksum)
            throw new IntegrityException(
                entry.Name,
                string.Create(CultureInfo.InvariantCulture, $"{expected:x8}"),
                string.Create(CultureInfo.InvariantCulture, $"{checksum:x8}"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Printable.Quote(entry.Name)} in '{_name}' is damaged: its CRC-32 is {expected:x8} in the list of entries, and {checksum:x8} by its bytes. Nothing was stored. Pull again, and if it happens again have it packed anew."
                )
            );
    }

    private Manifest End()
    {
        if (_found.Count == 0)
            throw ArchiveException.Damaged(_name, "has no files in it, and a model has at least one");
        if (_files.Count == 0)
            throw selection.Nothing(archive.Reference, _found);
        try
        {
            return Manifest.Create(_files);
        }
        catch (ManifestException fault)
        {
            throw ArchiveException.Damaged(_name, $"has files that cannot be stored: {fault.Message}", fault);
        }
    }
}
