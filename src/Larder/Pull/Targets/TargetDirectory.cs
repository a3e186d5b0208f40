using System.Collections.Concurrent;
using System.Security.Cryptography;
using Larder.Content;
using Larder.Store;
using Microsoft.Win32.SafeHandles;

namespace Larder.Pull.Targets;

/// <summary>A directory of the user's own in which a model's files are laid out, besides the store.</summary>
/// <remarks>
/// What is there and right is kept. What is written appears whole: at any moment each file is the old one or the new one. The
/// files are ordinary ones, of mode 0644, and nobody's but the user's: what is done to them does nothing to the store. Several
/// may lay out in one directory at once; the last one wins. Safe for concurrent use.
/// </remarks>
public sealed class TargetDirectory
{
    // What was read and found to be some bytes a moment ago, while the same pull adopted it, need not be read again.
    private readonly ConcurrentDictionary<string, LaidOutFile> _known = new(StringComparer.Ordinal);

    /// <summary>Names the directory; it is made when something is laid out there.</summary>
    public TargetDirectory(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
    }

    /// <summary>The directory, absolute.</summary>
    public string Path { get; }

    /// <summary>
    /// Whether files are hard links to the store's, where both are on one disk; false. Such files are read-only, and who writes to
    /// them all the same damages the store.
    /// </summary>
    public bool HardLinks { get; init; }

    /// <summary>
    /// Whether a pull takes what is here for the origin's file by its length alone, where the origin names no checksum; false.
    /// </summary>
    public bool TrustsSizes { get; init; }

    /// <summary>Whether there is nothing to be taken from here.</summary>
    internal bool IsEmpty => !Directory.Exists(Path) || !Directory.EnumerateFileSystemEntries(Path).Any();

    /// <summary>Refuses a path that no files can be laid out at, before anything is fetched for it.</summary>
    /// <exception cref="LayOutException">There is something that is no directory.</exception>
    public void ThrowIfUnusable()
    {
        for (var path = Path; path is not null; path = System.IO.Path.GetDirectoryName(path))
        {
            if (!Posix.TryStatus(path, out var status))
                continue;
            if (!status.IsDirectory)
                throw new LayOutException(
                    Path,
                    path == Path
                        ? $"'{Path}' is a file. Name a directory to lay the model out in."
                        : $"'{Path}' cannot be made, because '{path}' is a file. Name another directory."
                );
            return;
        }
    }

    /// <summary>Makes the directory have the files of a snapshot.</summary>
    /// <remarks>
    /// Files of an earlier version that were laid out here and are none of this one are removed, unless somebody has changed them.
    /// Files that nobody laid out are left alone, but for those with the name of one of the model's.
    /// </remarks>
    /// <param name="snapshot">The files; held by the caller until this ends.</param>
    /// <param name="cancellationToken">Ends it between two files; what is there by then is kept by the next one.</param>
    /// <exception cref="LayOutException">The directory cannot be used, or is full.</exception>
    /// <exception cref="StoreException">The store has other bytes than it should.</exception>
    public async Task<LayOutResult> LayOutAsync(Snapshot snapshot, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ThrowIfUnusable();
        ThrowIfInStore(snapshot);
        try
        {
            Directory.CreateDirectory(Path);
            using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
            return new LayOut(this, snapshot).Run(cancellationToken);
        }
        catch (IOException full) when (full.HResult is Posix.ENOSPC or Posix.EDQUOT)
        {
            throw TargetWriter.NoRoom(
                Path,
                snapshot.Reference.Text,
                snapshot.Manifest.SizeBytes,
                new DriveInfo(Path).AvailableFreeSpace,
                full
            );
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            throw new LayOutException(
                Path,
                $"'{snapshot.Reference}' could not be laid out in '{Path}': {failure.Message.TrimEnd('.')}. Each file there is the old one or the new one; mend the cause and lay out again.",
                failure
            );
        }
    }

    /// <summary>Whether the bytes of a file here are those of a digest: by its stamp, else by reading it.</summary>
    internal bool Has(string path, in FileStatus status, ManifestFile file, LaidOutFile? noted)
    {
        if (!status.IsFile || status.SizeBytes != file.SizeBytes)
            return false;
        if (noted?.IsStampOf(status) == true)
            return noted.Digest == file.Digest;
        if (_known.TryGetValue(file.Path, out var known) && known.IsStampOf(status))
            return known.Digest == file.Digest;
        var digest = HashOf(path);
        return digest == file.Digest;
    }

    /// <summary>Remembers what the bytes of a file are, as long as its stamp is this.</summary>
    internal void Remember(string relative, Digest digest, in FileStatus status) =>
        _known[relative] = new LaidOutFile(digest, status.SizeBytes, IsWritten: false)
        {
            Stamp = LaidOutFile.StampOf(status),
        };

    private static Digest? HashOf(string path)
    {
        using var file = Posix.TryOpenToRead(path);
        if (file is null)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        int read;
        for (long offset = 0; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
            hash.AppendData(buffer, 0, read);
        return Digest.FromBytes(hash.GetHashAndReset());
    }

    // It would be swept, or taken for the store's own.
    private void ThrowIfInStore(Snapshot snapshot)
    {
        var store = System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(snapshot.Path))!;
        if (Path == store || Path.StartsWith(store + "/", StringComparison.Ordinal))
            throw new LayOutException(Path, $"'{Path}' lies in the store '{store}'. Name a directory outside of it.");
    }

    /// <summary>Waits until nobody else lays out here. Only work is saved by it: without locks files still appear whole.</summary>
    private async Task<SafeFileHandle?> LockAsync(CancellationToken cancellationToken)
    {
        if (Posix.TryOpenDirectory(Path) is not { } directory)
            return null;
        try
        {
            return await LockFile
                .WaitAsync(() => Posix.TryLock(directory, exclusive: true, Path) ? directory : null, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (IOException)
        {
            // A file system that locks no directories.
            directory.Dispose();
            return null;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }
}
