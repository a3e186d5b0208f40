using System.Globalization;
using Larder.Content;
using Larder.Store;

namespace Larder.Origins;

/// <summary>Files in a directory of this machine, or one file: <c>file:///models/house-prices/</c>.</summary>
/// <remarks>
/// A file system keeps no version of a file, so size, time of the last write and time of the last change stand for it. The
/// last no program can set back, so that a file replaced by one of the same size and time is seen too. Links to files are
/// followed, links to directories and everything that is neither file nor directory are refused.
/// </remarks>
public sealed class DirectoryOrigin : IOrigin
{
    /// <inheritdoc/>
    public string Name => "directory";

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["file"];

    /// <inheritdoc/>
    public Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        try
        {
            var root = LocalPath(reference);
            if (!Posix.TryStatus(root, out var status))
                throw new OriginException(
                    OriginFailure.NotFound,
                    reference.Text,
                    $"There is nothing at '{root}'. Check the path of the reference."
                );

            var files = new List<OriginFile>();
            if (status.IsDirectory)
                AddDirectory(reference, root, "", files, cancellationToken);
            else
                files.Add(File(reference, root, Path.GetFileName(root), in status));
            return Task.FromResult(new OriginListing(files));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(reference, reference.Text, failure);
        }
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(
        ModelReference reference,
        OriginFile file,
        ByteRange? range,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(file);
        var root = LocalPath(reference);
        var path = Directory.Exists(root) ? Path.Join(root, file.Path) : root;
        FileStream? stream = null;
        try
        {
            // Before it is opened too: a pipe that took its place would keep us waiting for somebody who writes.
            if (Posix.TryStatus(path, out var now))
                ThrowIfChanged(reference, file, path, in now);
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
            var handle = stream.SafeFileHandle;
            CheckAgain();
            stream.Position = range?.Offset ?? 0;
            return Task.FromResult<Stream>(
                new OriginStream(stream, mostBytes: range?.Length ?? long.MaxValue, afterRead: CheckAgain)
            );

            void CheckAgain() => ThrowIfChanged(reference, file, path, Posix.Status(handle, path));
        }
        catch (Exception failure)
        {
            stream?.Dispose();
            if (failure is FileNotFoundException or DirectoryNotFoundException)
                throw new OriginException(
                    OriginFailure.Changed,
                    reference.Text,
                    $"'{path}' vanished after it was listed. The model is being changed: pull again when it is complete.",
                    failure
                );
            if (failure is IOException or UnauthorizedAccessException)
                throw Unreadable(reference, path, failure);
            throw;
        }
    }

    internal static string Version(in FileStatus status) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"size={status.SizeBytes} written={status.ModifiedNanoseconds} changed={status.ChangedNanoseconds}"
        );

    private static void ThrowIfChanged(ModelReference reference, OriginFile file, string path, in FileStatus now)
    {
        if (Version(in now) != file.Version)
            throw new OriginException(
                OriginFailure.Changed,
                reference.Text,
                $"'{path}' changed after it was listed. The model is being changed: pull again when it is complete."
            );
    }

    private static void AddDirectory(
        ModelReference reference,
        string root,
        string prefix,
        List<OriginFile> files,
        CancellationToken cancellationToken
    )
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(Path.Join(root, prefix)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var relative = Path.Join(prefix, Path.GetFileName(path));
            if (!Posix.TryStatus(path, followLinks: false, out var status))
                continue; // Gone since the enumeration: it is not part of the model any more.
            if (status.IsDirectory)
                AddDirectory(reference, root, relative, files, cancellationToken);
            else if (!status.IsLink)
                files.Add(File(reference, path, relative, in status));
            else if (Posix.TryStatus(path, out var target))
                files.Add(File(reference, path, relative, in target));
            else
                throw new OriginException(
                    OriginFailure.Broken,
                    reference.Text,
                    $"'{path}' is a link to something that is not there. Mend or remove it."
                );
        }
    }

    private static OriginFile File(ModelReference reference, string path, string relative, in FileStatus status) =>
        status.IsFile
            ? new OriginFile(relative, status.SizeBytes, Version(in status), HasRanges: true)
            {
                HasOnlySizeAndTime = true,
            }
            : throw new OriginException(
                OriginFailure.Broken,
                reference.Text,
                $"'{path}' is not a regular file (a link to a directory, a pipe, a socket or a device). A model holds regular files only: remove it, or put the files themselves there."
            );

    // A disk or a file server that fails now may answer later; a right that is missing will not come by waiting.
    private static OriginException Unreadable(ModelReference reference, string path, Exception failure) =>
        new(
            failure is UnauthorizedAccessException ? OriginFailure.Denied : OriginFailure.Unavailable,
            reference.Text,
            $"'{path}' cannot be read: {failure.Message.TrimEnd('.')}. Check its rights and its disk.",
            failure
        );

    private static string LocalPath(ModelReference reference)
    {
        if (reference.Uri.Host.Length > 0 && reference.Uri.Host != "localhost")
            throw new ReferenceException(
                reference.Text,
                $"'{reference.Text}' names a file on the host '{reference.Uri.Host}'. Write file:/// with three slashes for a path of this machine."
            );
        var path = Uri.UnescapeDataString(reference.Uri.AbsolutePath);
        // The system would take it for the end of the path.
        return path.Contains('\0', StringComparison.Ordinal)
            ? throw new ReferenceException(
                reference.Text,
                $"'{reference.Text}' has a NUL in its path. Name a file or directory."
            )
            : Path.TrimEndingDirectorySeparator(path);
    }
}
