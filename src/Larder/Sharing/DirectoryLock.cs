using System.Globalization;
using System.Text;
using Larder.Store;
using Microsoft.Win32.SafeHandles;

namespace Larder.Sharing;

/// <summary>The right to replace or remove one object of a shared directory, among all machines that have it mounted.</summary>
/// <remarks>
/// It is a file that <c>link</c> made, which only one of many can, on NFS too. Besides, it is kept locked with flock: what a
/// process left that died is removed by the next one once it is <see cref="StaleAfter"/> old by the file server's own clock
/// and flock says that nobody holds it. Only where flock lies, and a holder slept longer than that between its last look at
/// the lock and the rename after it, could two replace one object at once.
/// </remarks>
internal sealed class DirectoryLock : IDisposable
{
    /// <summary>It is held for two looks and a rename.</summary>
    internal static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(1);

    private readonly string _path;
    private readonly SafeFileHandle _file;

    private DirectoryLock(string path, SafeFileHandle file) => (_path, _file) = (path, file);

    /// <summary>Whether it has not been taken for that of a dead process and removed.</summary>
    public bool IsHeld => LockFile.IsStillNamed(_file, _path);

    /// <summary>Takes the lock; null while somebody else has it.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="draft">A name of the caller's own on the same file system.</param>
    public static DirectoryLock? TryTake(string path, string draft)
    {
        var file = File.OpenHandle(
            draft,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete
        );
        try
        {
            // Before it has its name: whoever sees it finds it locked.
            if (Posix.TryLock(file, exclusive: true, draft))
            {
                RandomAccess.Write(file, Owner(), fileOffset: 0);
                if (Posix.TryLink(draft, path) || LockFile.IsStillNamed(file, path))
                    return new DirectoryLock(path, file);
                RemoveIfStale(path, Posix.Status(file, draft).ModifiedNanoseconds);
            }
            Posix.Unlock(file);
            return null;
        }
        catch
        {
            Posix.Unlock(file);
            throw;
        }
        finally
        {
            Posix.Unlink(draft);
        }
    }

    /// <summary>Lets it go. Never throws: a name that stays is removed as that of a dead process.</summary>
    public void Dispose()
    {
        try
        {
            if (IsHeld)
                Posix.Unlink(_path);
        }
        catch (IOException)
        {
            // See above.
        }
        Posix.Unlock(_file);
    }

    private static void RemoveIfStale(string path, long nowNanoseconds)
    {
        using var left = Posix.TryOpenToLock(path);
        if (left is null)
            return;
        var age = TimeSpan.FromMicroseconds((nowNanoseconds - Posix.Status(left, path).ModifiedNanoseconds) / 1000);
        // To look again while it is locked keeps two from removing one after the other, the second a new one.
        if (age > StaleAfter && Posix.TryLock(left, exclusive: true, path))
        {
            if (LockFile.IsStillNamed(left, path))
                Posix.Unlink(path);
            Posix.Unlock(left);
        }
    }

    private static byte[] Owner() =>
        Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {Environment.ProcessId}\n")
        );
}
