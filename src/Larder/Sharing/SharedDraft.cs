using System.Security.Cryptography;
using Larder.Store;
using Microsoft.Win32.SafeHandles;

namespace Larder.Sharing;

/// <summary>A file that is being written in a shared directory under a name that nobody else has; gone when this is disposed.</summary>
internal sealed class SharedDraft : IDisposable
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const int TicksPerMillisecond = 10_000;

    private SharedDraft(string path, SafeFileHandle file) => (Path, File) = (path, file);

    public string Path { get; }

    public SafeFileHandle File { get; }

    public FileStatus Status => Posix.Status(File, Path);

    /// <summary>Makes an empty one. Who else may read it, the process's umask says.</summary>
    public static SharedDraft Create(string path) =>
        new(path, System.IO.File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write));

    /// <summary>Waits until its bytes are on the device, and gives it a time that no other version of the object has.</summary>
    /// <param name="afterNanoseconds">The time of the version before; 0 without one.</param>
    /// <remarks>
    /// Inode, time and length tell versions apart, and all three may come again: inodes are used again at once, and time goes on
    /// in steps of milliseconds. So what is below a millisecond is drawn by chance, and a successor is later than what it
    /// replaces. The rest stays the file server's own clock.
    /// </remarks>
    public FileStatus Seal(long afterNanoseconds)
    {
        var written = Status.ModifiedNanoseconds;
        var ticks =
            (written / NanosecondsPerMillisecond * TicksPerMillisecond)
            + RandomNumberGenerator.GetInt32(TicksPerMillisecond);
        var time = DateTime.UnixEpoch.AddTicks(Math.Max(ticks, (afterNanoseconds / 100) + 1));
        System.IO.File.SetLastWriteTimeUtc(File, time);
        Posix.Sync(File, Path);
        return Status;
    }

    /// <summary>Gives it the name, if there is nothing of that name.</summary>
    /// <remarks>The answer of a file server may be lost: asked again, it says that the name is taken, and it is by this.</remarks>
    public bool TryLink(string path) => Posix.TryLink(Path, path) || IsNamed(path);

    /// <summary>Gives it the name, and takes it from what had it.</summary>
    public void Rename(string path)
    {
        try
        {
            Posix.Rename(Path, path);
        }
        catch (IOException lost) when (lost.HResult == Posix.ENOENT && IsNamed(path))
        {
            // As above: it had been done.
        }
    }

    public void Dispose()
    {
        File.Dispose();
        try
        {
            Posix.Unlink(Path);
        }
        catch (IOException)
        {
            // It is removed with what dead processes have left.
        }
    }

    private bool IsNamed(string path) =>
        Posix.TryStatus(path, followLinks: false, out var named) && named.IsSameFile(Status);
}
