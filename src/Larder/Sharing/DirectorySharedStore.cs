using System.Buffers;
using System.Runtime.CompilerServices;
using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Microsoft.Win32.SafeHandles;

namespace Larder.Sharing;

/// <summary>Objects as files below a directory: of this machine, or one that a team has mounted, as over NFS.</summary>
/// <remarks>
/// <para>
/// Several processes and machines may use it at once. An object is written under a name that nobody else has, synced, and then
/// given its own by <c>link</c>, of which a file server lets one of many succeed. To replace or remove one on condition, a
/// lock file that <c>link</c> made is held while the object is looked at once more: so the condition of
/// <see cref="TryDeleteAsync"/> holds against all who use this class, and not against who changes files by other means.
/// flock, which does nothing on some file systems, is never relied on.
/// </para>
/// <para>
/// The directory itself is made by the first write, and its parent must be there. What is not an object lies in
/// <c>~larder</c>, a name that no object can have. An object's name cannot also be the beginning of another's (<c>a</c> and
/// <c>a/b</c>): a file is no directory. Symbolic links below it are refused. The process's umask says who else may read and
/// write. On NFS, mount with <c>lookupcache=positive</c> (or <c>none</c>), or it may take as long as the client remembers
/// that a name was not there until an object is seen that another machine wrote.
/// </para>
/// </remarks>
public sealed class DirectorySharedStore : ISharedStore
{
    private const int CopyBytes = 8 << 20;
    private const int CompareBytes = 1 << 20;

    private readonly SharedDirectory _directory;

    /// <summary>Creates the store; nothing is read or written before it is used.</summary>
    /// <param name="path">The directory.</param>
    public DirectorySharedStore(string path)
        : this(path, TimeProvider.System) { }

    /// <summary>For tests: with a clock of their own.</summary>
    internal DirectorySharedStore(string path, TimeProvider timeProvider)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Location = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _directory = new SharedDirectory(Location, timeProvider);
    }

    /// <inheritdoc/>
    public string Name => "directory";

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public Task<SharedDocument?> TryReadAsync(string name, int mostBytes, CancellationToken cancellationToken)
    {
        SharedName.ThrowIfIllegal(name);
        return RunAsync(() => Task.FromResult(TryRead(name, mostBytes)), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SharedObject?> TryStatAsync(string name, CancellationToken cancellationToken)
    {
        SharedName.ThrowIfIllegal(name);
        return RunAsync(() => Task.FromResult(_directory.TryStat(name)), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(SharedObject seen, ByteRange? range, CancellationToken cancellationToken)
    {
        var asked = SharedRange.Of(seen, range);
        SharedName.ThrowIfIllegal(seen.Name);
        var opening = RunAsync(() => Task.FromResult(Open(seen, asked)), CancellationToken.None);
        try
        {
            return await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = DisposeWhenOpenedAsync(opening);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<SharedObject?> TryWriteAsync(
        string name,
        ReadOnlyMemory<byte> content,
        SharedCondition condition,
        CancellationToken cancellationToken
    )
    {
        SharedName.ThrowIfIllegal(name);
        return RunAsync(() => TryWriteNowAsync(name, content, condition, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Blocks are shared with the file where both lie on one file system that can, else copied, by the file server itself where
    /// it can. An object that is there with the same bytes stays as it is; those that are compared count as sent.
    /// </remarks>
    public Task UploadAsync(
        string name,
        SharedUpload file,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        SharedName.ThrowIfIllegal(name);
        ArgumentNullException.ThrowIfNull(file);
        return RunAsync(
            async () =>
            {
                await UploadNowAsync(name, file, progress, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SharedObject> ListAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        SharedName.ThrowIfIllegalPrefix(prefix);
        var left = new Stack<string>([prefix[..(prefix.LastIndexOf('/') + 1)]]);
        while (left.TryPop(out var directory))
        {
            var (objects, directories) = await RunAsync(
                    () => Task.FromResult(_directory.List(directory, prefix)),
                    cancellationToken
                )
                .ConfigureAwait(false);
            foreach (var found in objects)
                yield return found;
            foreach (var below in directories)
                left.Push(below);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The condition is held by the lock that this class's writers take: see the remarks of the class.</remarks>
    public Task<bool> TryDeleteAsync(SharedObject seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seen);
        SharedName.ThrowIfIllegal(seen.Name);
        return RunAsync(() => _directory.TryDeleteAsync(seen.Name, seen.Tag, cancellationToken), cancellationToken);
    }

    private SharedDocument? TryRead(string name, int mostBytes)
    {
        using var file = _directory.TryOpen(name, out var status);
        if (file is null)
            return null;
        if (status.SizeBytes > mostBytes)
            throw DirectoryFailures.Broken(
                Location,
                $"the object '{name}' has {status.SizeBytes} bytes, and at most {mostBytes} are read"
            );
        var content = new byte[status.SizeBytes];
        using var all = new FileSection(file, 0, content.Length);
        if (all.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length)
            throw DirectoryFailures.Broken(Location, $"the object '{name}' became shorter while it was read");
        return new SharedDocument(SharedDirectory.Describe(name, status), content);
    }

    private OriginStream Open(SharedObject seen, ByteRange asked)
    {
        var file = _directory.TryOpen(seen.Name, out var status);
        if (file is not null && SharedDirectory.Describe(seen.Name, status).Tag == seen.Tag)
            // Who replaces the object leaves this file as it is.
            return new OriginStream(new LeavableStream(new FileSection(file, asked.Offset, asked.Length)), file);
        file?.Dispose();
        throw DirectoryFailures.Changed(Location, seen);
    }

    private async Task<SharedObject?> TryWriteNowAsync(
        string name,
        ReadOnlyMemory<byte> content,
        SharedCondition condition,
        CancellationToken cancellationToken
    )
    {
        if (_directory.TryStat(name)?.Tag != condition.Tag)
            return null;
        using var draft = _directory.NewDraft();
        RandomAccess.Write(draft.File, content.Span, fileOffset: 0);
        return condition.Tag is { } tag
            ? await _directory.TryReplaceAsync(draft, name, tag, cancellationToken).ConfigureAwait(false)
            : _directory.TryPublish(draft, name);
    }

    private async Task UploadNowAsync(
        string name,
        SharedUpload file,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        using var source = SharedUploads.Open(Location, file);
        var wrong = _directory.TryStat(name);
        if (wrong?.SizeBytes == file.SizeBytes && IsSame(source, name, file.SizeBytes, progress, cancellationToken))
            return;
        using var draft = _directory.NewDraft();
        Copy(source, draft, file.SizeBytes, progress, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        // What was in the way, or has another length, is not what the name says. When somebody else is quicker, his is as good.
        if (_directory.TryPublish(draft, name) is null && _directory.TryStat(name) is { } there)
        {
            if (there.SizeBytes != file.SizeBytes || there.Tag == wrong?.Tag)
                await _directory.TryReplaceAsync(draft, name, there.Tag, cancellationToken).ConfigureAwait(false);
        }
    }

    // That its length is right is why nobody else has noticed that it is wrong.
    private bool IsSame(
        SafeFileHandle source,
        string name,
        long sizeBytes,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        using var there = _directory.TryOpen(name, out var status);
        if (there is null || status.SizeBytes != sizeBytes)
            return false;
        var (ours, theirs) = (ArrayPool<byte>.Shared.Rent(CompareBytes), ArrayPool<byte>.Shared.Rent(CompareBytes));
        try
        {
            for (long offset = 0; offset < sizeBytes; )
            {
                cancellationToken.ThrowIfCancellationRequested();
                var length = (int)Math.Min(CompareBytes, sizeBytes - offset);
                if (
                    !TryReadAt(source, ours.AsSpan(0, length), offset)
                    || !TryReadAt(there, theirs.AsSpan(0, length), offset)
                    || !ours.AsSpan(0, length).SequenceEqual(theirs.AsSpan(0, length))
                )
                    return false;
                offset += length;
                progress?.Report(length);
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(ours);
            ArrayPool<byte>.Shared.Return(theirs);
        }
    }

    private static bool TryReadAt(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        using var section = new FileSection(file, offset, buffer.Length);
        return section.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) == buffer.Length;
    }

    private void Copy(
        SafeFileHandle source,
        SharedDraft draft,
        long sizeBytes,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        if (Posix.TryReflink(source, draft.File))
            progress?.Report(sizeBytes);
        else
        {
            for (long offset = 0; offset < sizeBytes; )
            {
                cancellationToken.ThrowIfCancellationRequested();
                var wanted = Math.Min(CopyBytes, sizeBytes - offset);
                var copied = Posix.CopyRange(source, draft.File, offset, wanted, draft.Path);
                if (copied == 0)
                    copied = CopyThroughMemory(source, draft.File, offset, (int)wanted);
                // Else the sync at the end would wait for all of it at once.
                Posix.BeginWriteback(draft.File, offset, copied);
                offset = copied > 0 ? offset + copied : sizeBytes;
                progress?.Report(copied);
            }
        }
        if (draft.Status.SizeBytes is var written && written != sizeBytes)
            throw DirectoryFailures.Broken(
                Location,
                $"the file to be copied there became shorter meanwhile: {written} bytes of {sizeBytes}"
            );
    }

    private static int CopyThroughMemory(SafeFileHandle source, SafeFileHandle target, long offset, int wanted)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(wanted, 1 << 20));
        try
        {
            var read = RandomAccess.Read(source, buffer.AsSpan(0, Math.Min(wanted, buffer.Length)), offset);
            RandomAccess.Write(target, buffer.AsSpan(0, read), offset);
            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task DisposeWhenOpenedAsync(Task<OriginStream> opening)
    {
        try
        {
            await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (SharedStoreException)
        {
            // Nobody waits for it any more.
        }
    }

    /// <summary>Does something that may block, as long as a file server that is gone is waited for, on a thread that nobody waits for.</summary>
    private async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(work, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (DirectoryFailures.Of(Location, failure) is not null)
        {
            throw DirectoryFailures.Of(Location, failure)!;
        }
    }
}
