using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Larder.Store;

/// <summary>The system calls that the store's promises rest on and that .NET hides, changes or swallows.</summary>
/// <remarks>
/// .NET's flush to disk ignores a failed fsync, its move copies silently across file systems, and it has no link, no flock
/// and no open of a directory. Every function here throws an <see cref="IOException"/> whose HResult is the raw errno and
/// whose message names the call and the path, unless its name begins with Try.
/// </remarks>
internal static partial class Posix
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EIO = 5;
    public const int EACCES = 13;
    public const int EEXIST = 17;
    public const int EXDEV = 18;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int EFBIG = 27;
    public const int ENOSPC = 28;
    public const int EROFS = 30;
    public const int EMLINK = 31;
    public const int ENOLCK = 37;
    public const int ENOTEMPTY = 39;
    public const int EOPNOTSUPP = 95;
    public const int ETIMEDOUT = 110;
    public const int EHOSTDOWN = 112;
    public const int ESTALE = 116;
    public const int EDQUOT = 122;

    /// <summary>The longest path that a call takes: <c>PATH_MAX</c> without the zero at its end.</summary>
    public const int MaxPathBytes = 4095;

    private const int EINTR = 4;
    private const int EAGAIN = 11;
    private const int ENOTDIR = 20;
    private const int EINVAL = 22;
    private const int ENOSYS = 38;

    private const int O_RDONLY = 0;
    private const int O_RDWR = 2;
    private const int O_CREAT = 0x40;
    private const int O_NONBLOCK = 0x800;

    private const int O_CLOEXEC = 0x80000;

    // arm64 has its own values for these two.
    private static readonly bool IsArm64 = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly int O_DIRECTORY = IsArm64 ? 0x4000 : 0x10000;
    private static readonly int O_NOFOLLOW = IsArm64 ? 0x8000 : 0x20000;

    private const int POSIX_FADV_SEQUENTIAL = 2;
    private const int POSIX_FADV_DONTNEED = 4;

    private const int LOCK_SH = 1;
    private const int LOCK_EX = 2;
    private const int LOCK_NB = 4;
    private const int LOCK_UN = 8;

    private const int AT_FDCWD = -100;
    private const int AT_EMPTY_PATH = 0x1000;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const uint STATX_BASIC_STATS = 0x7ff;
    private const uint RENAME_EXCHANGE = 2;
    private const uint SYNC_FILE_RANGE_WRITE = 2;

    // _IOW(0x94, 9, int): share the blocks of another file, copy on write.
    private const ulong FICLONE = 0x40049409;

    /// <summary>Opens a file for reading and writing, creating it with mode 0600.</summary>
    public static SafeFileHandle OpenOrCreate(string path) => Open(path, O_RDWR | O_CREAT | O_CLOEXEC);

    /// <summary>Opens a plain file to be read from its beginning to its end; null when there is no such name.</summary>
    /// <remarks>A link is not followed, and a pipe is not waited for: whatever lies there, this returns.</remarks>
    public static SafeFileHandle? TryOpenToRead(string path)
    {
        if (TryOpen(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) is not { } file)
            return null;
        _ = posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);
        return file;
    }

    /// <summary>Asks the system to forget what it has of a file in memory, so that it is read from the device again.</summary>
    /// <remarks>A wish: what others have mapped stays.</remarks>
    public static void DropCache(SafeFileHandle file) => _ = posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);

    /// <summary>Asks the system to begin writing bytes of a file to the device, so that less is left for <see cref="Sync"/>.</summary>
    /// <remarks>A wish, and nothing to rely on: what goes wrong with it <see cref="Sync"/> reports.</remarks>
    public static void BeginWriteback(SafeFileHandle file, long offset, long length) =>
        _ = sync_file_range(file, offset, length, SYNC_FILE_RANGE_WRITE);

    /// <summary>Waits until the file's bytes and metadata are on the device.</summary>
    /// <remarks>After an error the kernel may have dropped the dirty pages: the file must be thrown away, not synced again.</remarks>
    public static void Sync(SafeFileHandle file, string path)
    {
        if (fsync(file) != 0)
            throw Error("fsync", path);
    }

    /// <summary>Waits until the names in a directory are on the device.</summary>
    public static void SyncDirectory(string path)
    {
        // Not every file system answers O_DIRECTORY with fsync (some FUSE ones say EINVAL): there is nothing to wait for then.
        using var directory = Open(path, O_RDONLY | O_CLOEXEC);
        if (fsync(directory) != 0 && Marshal.GetLastPInvokeError() != EINVAL)
            throw Error("fsync of directory", path);
    }

    /// <summary>Opens a directory to lock it; null when there is none of that name.</summary>
    public static SafeFileHandle? TryOpenDirectory(string path) => TryOpen(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    /// <summary>Opens a file for reading that somebody may keep locked; null when there is none of that name.</summary>
    /// <remarks>.NET takes a lock on what it opens, and so cannot read such a file.</remarks>
    public static SafeFileHandle? TryOpenLocked(string path) => TryOpen(path, O_RDONLY | O_CLOEXEC);

    /// <summary>Opens a file to try the lock that somebody may have on it; null when there is none of that name.</summary>
    /// <remarks>For writing, where that is allowed: NFS gives an exclusive lock on nothing else (flock(2)).</remarks>
    public static SafeFileHandle? TryOpenToLock(string path)
    {
        try
        {
            return TryOpen(path, O_RDWR | O_CLOEXEC);
        }
        catch (IOException refused) when (refused.HResult is EROFS or EACCES)
        {
            return TryOpen(path, O_RDONLY | O_CLOEXEC);
        }
    }

    private static SafeFileHandle? TryOpen(string path, int flags)
    {
        try
        {
            return Open(path, flags);
        }
        catch (IOException absent) when (absent.HResult is ENOENT or ENOTDIR)
        {
            return null;
        }
    }

    /// <summary>Gives a file a second name; false when the new name is taken.</summary>
    public static bool TryLink(string existing, string path)
    {
        if (link(existing, path) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == EEXIST ? false : throw Error("link", path);
    }

    /// <summary>Renames, replacing a file of the new name; never copies.</summary>
    public static void Rename(string from, string to)
    {
        if (rename(from, to) != 0)
            throw Error("rename to", to);
    }

    /// <summary>Renames a directory; false when the new name holds a file, or a directory that is not empty.</summary>
    public static bool TryRenameDirectory(string from, string to)
    {
        if (rename(from, to) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is EEXIST or ENOTEMPTY or ENOTDIR ? false : throw Error("rename to", to);
    }

    /// <summary>Swaps two names in one step; false where the file system cannot, or one of them is gone.</summary>
    public static bool TryExchange(string first, string second)
    {
        if (renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is EINVAL or ENOSYS or ENOENT
            ? false
            : throw Error("exchange with", second);
    }

    /// <summary>Takes a lock on an open file without waiting; false when somebody else's is in the way.</summary>
    public static bool TryLock(SafeFileHandle file, bool exclusive, string path)
    {
        while (flock(file, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case EAGAIN:
                    return false;
                case EINTR:
                    continue;
                case ENOLCK or ENOSYS or EOPNOTSUPP:
                    return true; // No locks here at all: the same as locks that lie, which a start finds out.
                default:
                    throw Error("flock", path);
            }
        }
        return true;
    }

    /// <summary>Lets a lock go and closes its file; does nothing the second time.</summary>
    /// <remarks>
    /// Closing alone would not do: a child process that is just being started has the descriptor too until it runs its own
    /// program, and would hold the lock as long.
    /// </remarks>
    public static void Unlock(SafeFileHandle file)
    {
        if (file.IsClosed)
            return;
        _ = flock(file, LOCK_UN);
        file.Dispose();
    }

    /// <summary>Makes <paramref name="to"/> share the blocks of <paramref name="from"/>; false where the file system cannot.</summary>
    public static bool TryReflink(SafeFileHandle from, SafeFileHandle to) => ioctl(to, FICLONE, from) == 0;

    /// <summary>Copies bytes to the same place of another file, where the file system or its server does it by itself.</summary>
    /// <returns>How many were copied; 0 where it cannot be done so, or there are none.</returns>
    public static long CopyRange(SafeFileHandle from, SafeFileHandle to, long offset, long length, string path)
    {
        var (source, target) = (offset, offset);
        long copied;
        while ((copied = copy_file_range(from, ref source, to, ref target, (nuint)length, 0)) < 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case EINTR:
                    continue;
                case EXDEV or EINVAL or ENOSYS or EOPNOTSUPP or EPERM:
                    return 0;
                default:
                    throw Error("copy_file_range to", path);
            }
        }
        return copied;
    }

    /// <summary>What the system knows of a name, links followed; false when there is none.</summary>
    public static bool TryStatus(string path, out FileStatus status) => TryStatus(path, followLinks: true, out status);

    /// <summary>What the system knows of a name; false when there is none.</summary>
    public static bool TryStatus(string path, bool followLinks, out FileStatus status)
    {
        if (statx(AT_FDCWD, path, followLinks ? 0 : AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, out var raw) != 0)
        {
            status = default;
            return Marshal.GetLastPInvokeError() is ENOENT or ENOTDIR ? false : throw Error("stat", path);
        }
        status = new FileStatus(ref raw);
        return true;
    }

    /// <summary>Whether there is anything of a name. Unlike <see cref="File.Exists"/> it throws when the system cannot tell.</summary>
    public static bool Exists(string path) => TryStatus(path, followLinks: false, out _);

    /// <summary>What the system knows of a name below an open directory, links not followed; false when there is none.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="name">The name in UTF-8, with a zero at its end.</param>
    /// <param name="path">The same for messages.</param>
    /// <param name="status">What the system knows.</param>
    public static bool TryStatusIn(
        SafeFileHandle directory,
        ReadOnlySpan<byte> name,
        string path,
        out FileStatus status
    )
    {
        if (statxIn(directory, in name[0], AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, out var raw) != 0)
        {
            status = default;
            return Marshal.GetLastPInvokeError() is ENOENT or ENOTDIR ? false : throw Error("stat", path);
        }
        status = new FileStatus(ref raw);
        return true;
    }

    /// <summary>Reads the beginning of a plain file below an open directory; 0 where there is none, or it cannot be read.</summary>
    /// <remarks>Three calls and no objects: for who looks into thousands of files. A link is not followed, a pipe not waited for.</remarks>
    /// <param name="directory">The directory.</param>
    /// <param name="name">The name in UTF-8, with a zero at its end.</param>
    /// <param name="buffer">Where the bytes go.</param>
    /// <returns>How many bytes there are now.</returns>
    public static int ReadBeginningIn(SafeFileHandle directory, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        var file = openat(directory, in name[0], O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
        if (file < 0)
            return 0;
        var length = read(file, ref buffer[0], (nuint)buffer.Length);
        _ = close(file);
        return (int)Math.Max(length, 0);
    }

    /// <summary>What the system knows of an open file.</summary>
    public static FileStatus Status(SafeFileHandle file, string path)
    {
        if (fstatx(file, "", AT_EMPTY_PATH, STATX_BASIC_STATS, out var raw) != 0)
            throw Error("stat", path);
        return new FileStatus(ref raw);
    }

    /// <summary>Removes a name; it is no error when it is gone already.</summary>
    public static void Unlink(string path)
    {
        if (unlink(path) != 0 && Marshal.GetLastPInvokeError() != ENOENT)
            throw Error("unlink", path);
    }

    private static SafeFileHandle Open(string path, int flags)
    {
        const int ownerOnly = 0x180; // 0600
        int descriptor;
        while ((descriptor = open(path, flags, ownerOnly)) < 0)
        {
            if (Marshal.GetLastPInvokeError() != EINTR)
                throw Error("open", path);
        }
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static IOException Error(string call, string path)
    {
        var errno = Marshal.GetLastPInvokeError();
        return new IOException($"{call} '{path}': {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})", errno);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial int openat(SafeFileHandle directory, ref readonly byte name, int flags, int mode);

    [LibraryImport("libc")]
    private static partial nint read(int file, ref byte buffer, nuint length);

    [LibraryImport("libc")]
    private static partial int close(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint copy_file_range(
        SafeFileHandle from,
        ref long fromOffset,
        SafeFileHandle to,
        ref long toOffset,
        nuint length,
        uint flags
    );

    [LibraryImport("libc")]
    private static partial int sync_file_range(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc")]
    private static partial int posix_fadvise(SafeFileHandle file, long offset, long length, int advice);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlink(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int fromDirectory, string from, int toDirectory, string to, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    // Variadic in C: right on x64 and arm64 Linux, where variadic arguments travel as the named ones do.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle file, ulong request, SafeFileHandle argument);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, out FileStatus.Raw status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int statxIn(
        SafeFileHandle directory,
        ref readonly byte name,
        int flags,
        uint mask,
        out FileStatus.Raw status
    );

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int fstatx(
        SafeFileHandle file,
        string path,
        int flags,
        uint mask,
        out FileStatus.Raw status
    );
}
