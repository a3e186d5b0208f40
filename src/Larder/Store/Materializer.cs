using System.Security.Cryptography;
using Larder.Content;
using Microsoft.Win32.SafeHandles;

namespace Larder.Store;

/// <summary>Lays a blob out under the name that it has in a model.</summary>
internal sealed class Materializer(MaterializeMode mode)
{
    // A file system that refused once will refuse again; asking is a system call and an empty file each time.
    private volatile bool _reflinks = mode is MaterializeMode.Auto or MaterializeMode.Reflink;

    /// <summary>Whether every snapshot takes as much room as its blobs once more.</summary>
    public bool AlwaysCopies => mode == MaterializeMode.Copy;

    /// <summary>Makes <paramref name="path"/> a file with the blob's bytes, mode and time.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="path">A name that is free.</param>
    /// <param name="digest">The blob's digest: bytes that are read are compared with it.</param>
    /// <returns>Bytes of the disk that this takes besides the blob's.</returns>
    public long Materialize(string blob, string path, Digest digest)
    {
        if (_reflinks)
        {
            if (TryReflink(blob, path))
                return 0;
            if (mode == MaterializeMode.Reflink)
                throw new StoreException(
                    path,
                    $"The file system of '{path}' cannot share blocks between files. Set store.materialize to auto, hardlink or copy."
                );
            _reflinks = false;
        }
        if (mode != MaterializeMode.Copy && TryHardLink(blob, path))
            return 0;
        return Copy(blob, path, digest);
    }

    private static bool TryHardLink(string blob, string path)
    {
        try
        {
            return Posix.TryLink(blob, path)
                ? true
                : throw new StoreException(path, $"'{path}' is there already: two files of a model have one name.");
        }
        catch (IOException noLinksLeft) when (noLinksLeft.HResult == Posix.EMLINK)
        {
            return false;
        }
    }

    /// <summary>Finds out whether blocks can be shared here.</summary>
    /// <param name="directory">A directory of the caller's own on the store's file system.</param>
    public void Probe(string directory)
    {
        if (!_reflinks || mode == MaterializeMode.Reflink)
            return;
        var (from, to) = (Path.Combine(directory, "from"), Path.Combine(directory, "to"));
        using (var file = File.OpenHandle(from, FileMode.CreateNew, FileAccess.Write))
            RandomAccess.Write(file, "?"u8, fileOffset: 0);
        _reflinks = TryReflink(from, to);
        Posix.Unlink(from);
        Posix.Unlink(to);
    }

    /// <summary>Whether a file of a snapshot takes bytes of the disk besides the blob's.</summary>
    public bool IsCopy(in FileStatus status) => status is { IsFile: true, Links: 1 } && !_reflinks;

    /// <summary>Bytes of the disk that a snapshot takes besides its blobs; 0 when it is not there.</summary>
    public long CopyBytesOf(string snapshot) =>
        Posix.Exists(snapshot)
            ? Directory
                .EnumerateFiles(snapshot, "*", LocalStore.AllFiles)
                .Sum(path =>
                    Posix.TryStatus(path, followLinks: false, out var status) && IsCopy(status) ? status.SizeBytes : 0
                )
            : 0;

    private static bool TryReflink(string blob, string path)
    {
        using var source = File.OpenHandle(blob);
        using var target = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        if (!Posix.TryReflink(source, target))
        {
            Posix.Unlink(path);
            return false;
        }
        Durability.Seal(target, path);
        return true;
    }

    /// <summary>Copies a blob and compares what was read with its digest.</summary>
    /// <remarks>A true copy even where blocks could be shared: who asks for copies wants files of their own.</remarks>
    /// <exception cref="StoreException">The blob has other bytes, twice.</exception>
    public static long Copy(string blob, string path, Digest digest)
    {
        using var source = File.OpenHandle(blob);
        using var target = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var (length, actual) = CopyBytes(source, target);
        if (actual != digest)
        {
            // By its size and time a copy passes for the blob for ever. What was read wrong once may be right on the device.
            Posix.DropCache(source);
            (length, actual) = CopyBytes(source, target);
        }
        if (actual != digest)
            throw new StoreException(
                blob,
                $"The blob '{blob}' has other bytes than its digest says, twice (they are {actual}), so it was not copied. Run 'larder verify --repair': it fetches the blob again."
            );
        Durability.Seal(target, path);
        return length;
    }

    /// <summary>Copies all bytes of a file; returns what they are.</summary>
    internal static (long Length, Digest Digest) CopyBytes(SafeFileHandle source, SafeFileHandle target)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (long offset = 0; ; )
        {
            var read = RandomAccess.Read(source, buffer, offset);
            if (read == 0)
                return (offset, Digest.FromBytes(hash.GetHashAndReset()));
            hash.AppendData(buffer, 0, read);
            RandomAccess.Write(target, buffer.AsSpan(0, read), offset);
            offset += read;
        }
    }
}
