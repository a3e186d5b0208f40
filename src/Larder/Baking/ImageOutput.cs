using System.Globalization;
using Larder.Store;
using Microsoft.Win32.SafeHandles;

namespace Larder.Baking;

/// <summary>An archive that is being written beside the place where it will stand.</summary>
/// <remarks>
/// Its name is there when all of it is, on the device. What a writer who was killed has left lies under one name, whose lock is
/// free: the next one to write this archive takes it over, so that there is never more than one of them.
/// </remarks>
internal sealed class ImageOutput : IAsyncDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly string _path;
    private readonly string _temporary;
    private readonly SafeFileHandle _file;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _buffered;
    private long _flushed;
    private bool _isDone;

    private ImageOutput(string path, string temporary, SafeFileHandle file) =>
        (_path, _temporary, _file) = (path, temporary, file);

    /// <summary>Where the next byte goes.</summary>
    public long Position => _flushed + _buffered;

    /// <summary>Begins an archive.</summary>
    /// <param name="path">Where it will stand; what stands there now is replaced in the end.</param>
    /// <param name="expectedBytes">How long it will be, about.</param>
    /// <exception cref="ImageException">There is no room for it, no such directory, or somebody else is writing it.</exception>
    public static ImageOutput Create(string path, long expectedBytes)
    {
        path = Path.GetFullPath(path);
        if (Directory.Exists(path))
            throw new ImageException(path, $"'{path}' is a directory; the archive is a file. Name one in it.");
        var directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
            throw new ImageException(
                path,
                $"There is no directory '{directory}' to write the archive into. Make it first."
            );
        var available = new DriveInfo(directory).AvailableFreeSpace;
        if (available < expectedBytes)
            throw NoRoom(path, expectedBytes, available, inner: null);
        var temporary = Path.Combine(directory, $".larder-{Path.GetFileName(path)}.part");
        var file = Open(path, temporary);
        try
        {
            RandomAccess.SetLength(file, 0);
            return new ImageOutput(path, temporary, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            if (_buffered == 0 && bytes.Length >= BufferBytes)
            {
                await PutAsync(bytes, _flushed, cancellationToken).ConfigureAwait(false);
                _flushed += bytes.Length;
                return;
            }
            var count = Math.Min(bytes.Length, BufferBytes - _buffered);
            bytes[..count].CopyTo(_buffer.AsMemory(_buffered));
            _buffered += count;
            bytes = bytes[count..];
            if (_buffered == BufferBytes)
                await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes again what was written; the position stays.</summary>
    public async ValueTask PatchAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await PutAsync(bytes, offset, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes back: what was written from there on is overwritten.</summary>
    public async ValueTask RewindAsync(long position, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        _flushed = position;
    }

    /// <summary>Puts all of it on the device and gives it its name.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RandomAccess.SetLength(_file, _flushed);
            Posix.Sync(_file, _temporary);
            cancellationToken.ThrowIfCancellationRequested();
            Posix.Rename(_temporary, _path);
            _isDone = true;
        }
        catch (IOException failure)
        {
            throw Translate(failure);
        }
        try
        {
            Posix.SyncDirectory(Path.GetDirectoryName(_path)!);
        }
        catch (IOException failure)
        {
            throw new ImageException(
                _path,
                $"'{_path}' is written, but a power cut may undo it: {failure.Message.TrimEnd('.')}. Mend the cause and write it again.",
                failure
            );
        }
    }

    public ValueTask DisposeAsync()
    {
        // Before the lock goes with the file: whoever has the lock next finds the name free.
        if (!_isDone)
        {
            try
            {
                Posix.Unlink(_temporary);
            }
            catch (IOException)
            {
                // The next writer takes it over.
            }
        }
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SafeFileHandle Open(string path, string temporary)
    {
        try
        {
            while (true)
            {
                // Locked by .NET, which a second writer is told; the lock ends with its process.
                var file = File.OpenHandle(temporary, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                // Between our open and our lock the one before us may have given the file its name.
                if (LockFile.IsStillNamed(file, temporary))
                    return file;
                file.Dispose();
            }
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            throw new ImageException(
                path,
                $"'{path}' cannot be written: {failure.Message.TrimEnd('.')}. If nobody else is writing it, mend the cause and try again.",
                failure
            );
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_buffered == 0)
            return;
        await PutAsync(_buffer.AsMemory(0, _buffered), _flushed, cancellationToken).ConfigureAwait(false);
        _flushed += _buffered;
        _buffered = 0;
    }

    private async ValueTask PutAsync(ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(_file, bytes, offset, cancellationToken).ConfigureAwait(false);
            // Else all of it would wait for the sync at the end.
            Posix.BeginWriteback(_file, offset, bytes.Length);
        }
        catch (IOException failure)
        {
            throw Translate(failure);
        }
    }

    private ImageException Translate(IOException failure) =>
        failure.HResult is Posix.ENOSPC or Posix.EDQUOT
            ? NoRoom(
                _path,
                expectedBytes: null,
                new DriveInfo(Path.GetDirectoryName(_path)!).AvailableFreeSpace,
                failure
            )
            : new ImageException(
                _path,
                $"'{_path}' could not be written: {failure.Message.TrimEnd('.')}. Nothing is left of it, and what stood there before is untouched.",
                failure
            );

    private static ImageException NoRoom(string path, long? expectedBytes, long available, Exception? inner) =>
        new(
            path,
            string.Create(
                CultureInfo.InvariantCulture,
                $"There is no room for '{path}': {(expectedBytes is { } needed ? $"it will have {needed} bytes, and" : "the disk took no more;")} {available} are free. What stood there before is untouched. Free disk space, or write it elsewhere."
            ),
            inner
        );
}
