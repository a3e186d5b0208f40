using Microsoft.Win32.SafeHandles;

namespace Larder.Store;

/// <summary>A directory of one writer's own, on the store's file system; what is in it is nobody's truth yet.</summary>
/// <remarks>
/// The writer holds a lock beside the directory. A later start that can take that lock knows that the writer is dead and
/// sweeps what it left.
/// </remarks>
internal sealed class StagingArea : IDisposable
{
    private const string LockSuffix = ".lock";
    private const int GenericIOError = unchecked((int)0x80131620);

    private readonly LockFile _lock;
    private int _names;
    private bool _isLeftToSweep;

    private StagingArea(string path, LockFile lockFile)
    {
        Path = path;
        _lock = lockFile;
    }

    public string Path { get; }

    public static StagingArea Create(StoreLayout layout)
    {
        while (true)
        {
            var path = System.IO.Path.Combine(layout.Staging, Guid.NewGuid().ToString("n"));
            // The lock comes before the directory, so that a sweeper never sees a directory whose writer seems dead.
            if (LockFile.TryAcquire(path + LockSuffix, exclusive: true) is not { } lockFile)
                continue; // A sweeper was quicker than us: it will remove that name.
            try
            {
                Directory.CreateDirectory(
                    path,
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                );
                return new StagingArea(path, lockFile);
            }
            catch
            {
                lockFile.DisposeAndRemove();
                throw;
            }
        }
    }

    /// <summary>Whether another who tries the lock is kept out; false on file systems where flock does nothing.</summary>
    public bool IsLocked()
    {
        using var second = LockFile.TryAcquire(_lock.Path, exclusive: true);
        return second is null;
    }

    /// <summary>A path in the area that no file has yet.</summary>
    public string NewPath() => System.IO.Path.Combine(Path, Interlocked.Increment(ref _names).ToString("d", null));

    /// <summary>Makes this area look like one of a dead writer once it is disposed, so that the next start cleans up after it.</summary>
    public void LeaveToSweep() => _isLeftToSweep = true;

    /// <summary>Creates a file of mode 0600, its bytes reserved on the disk.</summary>
    /// <param name="path">A path from <see cref="NewPath"/>.</param>
    /// <param name="sizeBytes">How long the file will be, 0 where that is not known.</param>
    public static SafeFileHandle CreateFile(string path, long sizeBytes)
    {
        var file = Preallocate(path, sizeBytes);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    /// <summary>Removes what dead writers left behind; returns how many there were.</summary>
    public static int Sweep(StoreLayout layout)
    {
        var areas = Directory
            .EnumerateFileSystemEntries(layout.Staging)
            .Select(path => path.EndsWith(LockSuffix, StringComparison.Ordinal) ? path[..^LockSuffix.Length] : path)
            .ToHashSet(StringComparer.Ordinal);
        return areas.Count(TryRemoveDead);
    }

    public void Dispose()
    {
        try
        {
            RemoveDirectory(Path);
            if (_isLeftToSweep)
                Directory.CreateDirectory(Path);
            _lock.DisposeAndRemove();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next start sweeps it: disposal never hides the failure that may be on its way up.
            _lock.Dispose();
        }
    }

    private static SafeFileHandle Preallocate(string path, long sizeBytes)
    {
        try
        {
            return File.OpenHandle(
                path,
                FileMode.CreateNew,
                FileAccess.ReadWrite,
                FileShare.Read,
                FileOptions.Asynchronous,
                sizeBytes
            );
        }
        catch (Exception failure)
            when (sizeBytes > 0 && failure is ArgumentOutOfRangeException or IOException { HResult: GenericIOError })
        {
            // .NET hides the errno of a failed allocation behind these two: no space, or larger than files may be here.
            throw new IOException(failure.Message, Posix.ENOSPC);
        }
    }

    private static bool TryRemoveDead(string path)
    {
        if (LockFile.TryAcquire(path + LockSuffix, exclusive: true) is not { } lockFile)
            return false;
        try
        {
            var isThere = Directory.Exists(path);
            RemoveDirectory(path);
            lockFile.DisposeAndRemove();
            return isThere;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, perhaps. It takes room, but it is no reason not to start.
            lockFile.Dispose();
            return false;
        }
    }

    private static void RemoveDirectory(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
