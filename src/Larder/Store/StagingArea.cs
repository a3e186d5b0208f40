using Larder.Content;
using Larder.Store.Partial;
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

    private readonly StoreLayout _layout;
    private readonly LockFile _lock;
    private StagingMark _mark;
    private int _names;
    private bool _isLeftToSweep;

    private StagingArea(StoreLayout layout, string path, LockFile lockFile)
    {
        _layout = layout;
        Path = path;
        _lock = lockFile;
        Mark = new StagingMark(0, ChangesNames: false);
    }

    public string Path { get; }

    /// <summary>What the writer says of itself; others read it in the lock file.</summary>
    public StagingMark Mark
    {
        get => _mark;
        set
        {
            value.Write(_lock.Handle);
            // Nobody would look for names that nothing reaches if power took the lock and left them. The mark itself need not
            // come to the device: a broken one, and one of an earlier start of the system, count as this one.
            if (value.ChangesNames && !_mark.ChangesNames)
                Posix.SyncDirectory(System.IO.Path.GetDirectoryName(Path)!);
            _mark = value;
        }
    }

    /// <summary>What the next transfer can go on with should this one break off; null in an area that is for something else.</summary>
    public PartialFiles? Partial { get; private set; }

    /// <summary>Whether a path is the lock of this area.</summary>
    public bool IsLockPath(string path) => path == _lock.Path;

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
                return new StagingArea(layout, path, lockFile);
            }
            catch
            {
                lockFile.DisposeAndRemove();
                throw;
            }
        }
    }

    /// <summary>Makes this the area of a transfer, in which lies what an earlier one of the same owner may have left.</summary>
    /// <remarks>Called before anything is in it.</remarks>
    public void GoOnWith(PartialStore left, Digest owner)
    {
        left.TryTake(owner, Path);
        Partial = PartialFiles.Open(Path, owner);
        _names = Partial.LastName;
    }

    /// <summary>Whether another who tries the lock is kept out; false on file systems where flock does nothing.</summary>
    public bool IsLocked()
    {
        using var second = LockFile.TryAcquire(_lock.Path, exclusive: true);
        return second is null;
    }

    /// <summary>A path in the area that no file has yet.</summary>
    public string NewPath() => System.IO.Path.Combine(Path, Interlocked.Increment(ref _names).ToString("d", null));

    /// <summary>All of it is in the store: nothing need be kept.</summary>
    public void Settle()
    {
        Partial?.Dispose();
        Partial = null;
    }

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

    /// <summary>Opens a file of the area again that may be sealed already.</summary>
    public static SafeFileHandle ReopenFile(string path)
    {
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, FileOptions.Asynchronous);
    }

    /// <summary>The locks of all areas.</summary>
    public static IEnumerable<string> Locks(StoreLayout layout) =>
        Directory.EnumerateFiles(layout.Staging, "*" + LockSuffix);

    /// <summary>The directory that belongs to a lock.</summary>
    public static string PathOf(string lockPath) => lockPath[..^LockSuffix.Length];

    /// <summary>Removes what dead writers left behind, but for what a transfer can go on with.</summary>
    /// <returns>How many there were, and whether one of them may have died while it changed the store's names.</returns>
    public static (int Count, bool ChangedNames) Sweep(StoreLayout layout)
    {
        var areas = Directory
            .EnumerateFileSystemEntries(layout.Staging)
            .Select(path => path.EndsWith(LockSuffix, StringComparison.Ordinal) ? PathOf(path) : path)
            .ToHashSet(StringComparer.Ordinal);
        var (count, changedNames) = (0, false);
        foreach (var area in areas)
        {
            if (TryRemoveDead(layout, area) is not { } mark)
                continue;
            count++;
            changedNames |= mark.ChangesNames;
        }
        return (count, changedNames);
    }

    public void Dispose()
    {
        try
        {
            var partial = Partial;
            Settle();
            if (partial is null || !PartialStore.TryKeep(_layout, Path))
                RemoveDirectory(Path);
            if (_isLeftToSweep)
            {
                Directory.CreateDirectory(Path);
                Mark = new StagingMark(0, ChangesNames: true);
                _lock.Dispose();
            }
            else
            {
                _lock.DisposeAndRemove();
            }
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

    private static StagingMark? TryRemoveDead(StoreLayout layout, string path)
    {
        if (LockFile.TryAcquire(path + LockSuffix, exclusive: true) is not { } lockFile)
            return null;
        try
        {
            var isThere = Posix.Exists(path);
            var mark = StagingMark.Read(lockFile.Handle);
            if (!PartialStore.TryKeep(layout, path))
                RemoveDirectory(path);
            lockFile.DisposeAndRemove();
            return isThere ? mark : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, perhaps. It takes room, but it is no reason not to start.
            lockFile.Dispose();
            return null;
        }
    }

    private static void RemoveDirectory(string path)
    {
        if (Posix.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
