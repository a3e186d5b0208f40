using System.Globalization;
using System.Text;
using Larder.Content;
using Larder.Store;
using Microsoft.Win32.SafeHandles;

namespace Larder.Sharing;

/// <summary>The files of a <see cref="DirectorySharedStore"/>: where they lie, and how they come there whole.</summary>
/// <remarks>Its calls block as long as the file system does, and throw its failures as they are.</remarks>
internal sealed class SharedDirectory(string root, TimeProvider timeProvider)
{
    /// <summary>No object has such a name, so that it is never listed.</summary>
    internal const string Private = "~larder";

    /// <summary>How long nobody has written to a draft that is no longer anybody's.</summary>
    internal static readonly TimeSpan DraftsLive = TimeSpan.FromDays(1);

    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(10);

    private int _isSwept;

    private string Drafts => Path.Join(root, Private, "drafts");

    private string Locks => Path.Join(root, Private, "locks");

    /// <summary>Opens an object; null when there is none.</summary>
    public SafeFileHandle? TryOpen(string name, out FileStatus status)
    {
        status = default;
        var path = PathOf(name);
        // To open it asks the file server anew, where a look at the name may be answered from what this machine remembers.
        var file = HasPlainParents(name) ? Posix.TryOpenToRead(path) : null;
        if (file is null)
        {
            ThrowIfNoPlace();
            return null;
        }
        try
        {
            status = Posix.Status(file, path);
            if (status.IsFile)
                return file;
            // A name of other objects, but not of one.
            return status.IsDirectory ? Nothing() : throw DirectoryFailures.Broken(root, $"'{path}' is no file");
        }
        catch
        {
            file.Dispose();
            throw;
        }

        SafeFileHandle? Nothing()
        {
            file.Dispose();
            return null;
        }
    }

    /// <summary>What there is of a name; null when there is none.</summary>
    public SharedObject? TryStat(string name)
    {
        using var file = TryOpen(name, out var status);
        return file is null ? null : Describe(name, status);
    }

    /// <summary>Makes a new file and waits until it is on the device.</summary>
    public SharedDraft NewDraft()
    {
        EnsureRoot();
        Directory.CreateDirectory(Drafts);
        Directory.CreateDirectory(Locks);
        var draft = SharedDraft.Create(NewDraftPath());
        if (Interlocked.Exchange(ref _isSwept, 1) == 0)
            Sweep(draft.Status.ModifiedNanoseconds);
        return draft;
    }

    /// <summary>Gives a draft that is complete its name; null when there is an object of that name.</summary>
    public SharedObject? TryPublish(SharedDraft draft, string name)
    {
        var path = EnsureParents(name);
        var status = draft.Seal(afterNanoseconds: 0);
        if (!draft.TryLink(path))
            return Posix.TryStatus(path, followLinks: false, out var there) && !there.IsFile
                ? throw DirectoryFailures.Broken(
                    root,
                    $"'{path}' is no file, and an object of that name is to be written"
                )
                : null;
        Durability.SyncUpwards(Path.GetDirectoryName(path)!, root);
        return Describe(name, status);
    }

    /// <summary>Puts a draft that is complete in the place of an object; null when that is another by now, or gone.</summary>
    public async Task<SharedObject?> TryReplaceAsync(
        SharedDraft draft,
        string name,
        string tag,
        CancellationToken cancellationToken
    )
    {
        if (ModifiedOf(name, tag) is not { } before)
            return null;
        var status = draft.Seal(before);
        using var right = await LockAsync(name, cancellationToken).ConfigureAwait(false);
        if (TryStat(name)?.Tag != tag)
            return null;
        ThrowIfLost(right, name);
        var path = PathOf(name);
        draft.Rename(path);
        Posix.SyncDirectory(Path.GetDirectoryName(path)!);
        return Describe(name, status);
    }

    /// <summary>Removes an object; false when it is another by now, or gone.</summary>
    public async Task<bool> TryDeleteAsync(string name, string tag, CancellationToken cancellationToken)
    {
        if (TryStat(name)?.Tag != tag)
            return false;
        Directory.CreateDirectory(Drafts);
        Directory.CreateDirectory(Locks);
        using var right = await LockAsync(name, cancellationToken).ConfigureAwait(false);
        if (TryStat(name)?.Tag != tag)
            return false;
        ThrowIfLost(right, name);
        var path = PathOf(name);
        Posix.Unlink(path);
        Posix.SyncDirectory(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <summary>The objects and directories that lie in a directory, of those that a prefix is of.</summary>
    /// <param name="directory">Its name below the root, with a slash at its end; empty for the root.</param>
    /// <param name="prefix">What their names begin with.</param>
    public (List<SharedObject> Objects, List<string> Directories) List(string directory, string prefix)
    {
        var (objects, directories) = (new List<SharedObject>(), new List<string>());
        var path = Path.Join(root, directory);
        if (!HasPlainParents(directory))
        {
            ThrowIfNoPlace();
            return (objects, directories);
        }
        try
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(path))
            {
                var name = directory + Path.GetFileName(entry);
                if (
                    !SharedName.IsLegal(name)
                    || !Posix.TryStatus(entry, followLinks: false, out var status)
                    || !(name.StartsWith(prefix, StringComparison.Ordinal) || IsAbove(name, prefix))
                )
                    continue;
                if (status.IsDirectory)
                    directories.Add(name + "/");
                else if (status.IsFile && name.StartsWith(prefix, StringComparison.Ordinal))
                    objects.Add(Describe(name, status));
            }
        }
        catch (IOException gone) when (gone is DirectoryNotFoundException || !Directory.Exists(path))
        {
            // Removed meanwhile, never there, or a file: nothing lies in it.
            ThrowIfNoPlace();
        }
        return (objects, directories);
    }

    public static SharedObject Describe(string name, in FileStatus status) =>
        new(
            name,
            status.SizeBytes,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{status.Inode:x}-{status.ModifiedNanoseconds:x}-{status.SizeBytes:x}"
            ),
            DateTimeOffset.UnixEpoch.AddTicks(status.ModifiedNanoseconds / 100)
        );

    private static bool IsAbove(string name, string prefix) => prefix.StartsWith(name + "/", StringComparison.Ordinal);

    private string PathOf(string name) => Path.Join(root, name);

    private string NewDraftPath() => Path.Join(Drafts, Guid.NewGuid().ToString("n"));

    private long? ModifiedOf(string name, string tag)
    {
        using var file = TryOpen(name, out var status);
        return file is not null && Describe(name, status).Tag == tag ? status.ModifiedNanoseconds : null;
    }

    private async Task<DirectoryLock> LockAsync(string name, CancellationToken cancellationToken)
    {
        var path = Path.Join(Locks, Digest.Of(Encoding.UTF8.GetBytes(name)).ToString());
        return await LockFile
                .WaitAsync(() => DirectoryLock.TryTake(path, NewDraftPath()), LockWait, timeProvider, cancellationToken)
                .ConfigureAwait(false)
            ?? throw new SharedStoreException(
                SharedFailure.Unavailable,
                root,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Somebody else has been replacing '{name}' in '{root}' for {LockWait.TotalSeconds} s. Try again; what a dead process left is removed after {DirectoryLock.StaleAfter.TotalSeconds} s."
                )
            );
    }

    private void ThrowIfLost(DirectoryLock right, string name)
    {
        if (!right.IsHeld)
            throw new SharedStoreException(
                SharedFailure.Unavailable,
                root,
                $"The right to replace '{name}' in '{root}' was lost while this process slept. Try again."
            );
    }

    private void EnsureRoot()
    {
        if (Directory.Exists(root))
            return;
        ThrowIfNoPlace();
        Directory.CreateDirectory(root);
        if (Path.GetDirectoryName(root) is { } parent)
            Posix.SyncDirectory(parent);
    }

    private string EnsureParents(string name)
    {
        var path = PathOf(name);
        var parent = Path.GetDirectoryName(path)!;
        if (HasPlainParents(name))
            return path;
        try
        {
            Directory.CreateDirectory(parent);
        }
        catch (DirectoryNotFoundException notOne)
        {
            throw DirectoryFailures.Broken(
                root,
                $"'{parent}' cannot be made, as what is above it is no directory",
                notOne
            );
        }
        return path;
    }

    /// <summary>Whether all directories of a name are there; a symbolic link among them is refused, as it may lead anywhere.</summary>
    private bool HasPlainParents(string name)
    {
        for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = name.IndexOf('/', slash + 1))
        {
            var path = Path.Join(root, name.AsSpan(0, slash));
            if (!Posix.TryStatus(path, followLinks: false, out var status))
                return false;
            if (status.IsLink)
                throw DirectoryFailures.Broken(root, $"'{path}' is a symbolic link, and none is followed");
        }
        return true;
    }

    /// <summary>Throws when the directory is not there, and its parent neither: then it is not a store that is still empty.</summary>
    private void ThrowIfNoPlace()
    {
        if (Posix.TryStatus(root, out var status))
        {
            if (!status.IsDirectory)
                throw DirectoryFailures.Broken(root, "it is a file and no directory");
        }
        else if (!Directory.Exists(Path.GetDirectoryName(root)))
            throw new SharedStoreException(
                SharedFailure.NotFound,
                root,
                $"There is no directory '{root}', and none that it could be made in. Check the path, and that it is mounted."
            );
    }

    /// <summary>Removes what processes have left that died while they wrote.</summary>
    private void Sweep(long nowNanoseconds)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(Drafts))
            {
                if (
                    Posix.TryStatus(path, followLinks: false, out var status)
                    && TimeSpan.FromMicroseconds((nowNanoseconds - status.ModifiedNanoseconds) / 1000) > DraftsLive
                )
                    Posix.Unlink(path);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // They take room and harm nobody; the next process tries again.
        }
    }
}
