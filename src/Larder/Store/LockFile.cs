using Microsoft.Win32.SafeHandles;

namespace Larder.Store;

/// <summary>A file that is locked for as long as this object lives, or its process does.</summary>
/// <remarks>
/// Whether a holder lives is asked by trying the lock: the kernel drops it with the process, whatever pid namespace it lived
/// in. Locks save work and never carry correctness: where flock does nothing, two holders are possible and must be harmless.
/// </remarks>
internal sealed class LockFile : IDisposable
{
    private LockFile(string path, SafeFileHandle handle)
    {
        Path = path;
        Handle = handle;
    }

    public string Path { get; }

    public SafeFileHandle Handle { get; }

    /// <summary>Locks the file of that name, creating it if need be; null when another holder is in the way.</summary>
    public static LockFile? TryAcquire(string path, bool exclusive)
    {
        while (true)
        {
            var handle = Posix.OpenOrCreate(path);
            try
            {
                if (!Posix.TryLock(handle, exclusive, path))
                {
                    handle.Dispose();
                    return null;
                }
                if (IsStillNamed(handle, path))
                    return new LockFile(path, handle);
            }
            catch
            {
                handle.Dispose();
                throw;
            }

            // Between our open and our lock the holder removed the name: what we locked is nobody's file any more.
            handle.Dispose();
        }
    }

    /// <summary>Like <see cref="TryAcquire"/>, waiting until the lock can be had.</summary>
    public static Task<LockFile> AcquireAsync(string path, bool exclusive, CancellationToken cancellationToken) =>
        WaitAsync(() => TryAcquire(path, exclusive), cancellationToken);

    /// <summary>Waits until something can be had that a lock of somebody else keeps away.</summary>
    /// <remarks>
    /// flock can wait only by blocking a thread that no token can wake, so it is asked again, ever more slowly: after 5 ms and
    /// twice as long each time, up to 100 ms. By the machine's own clock, whichever one the store has: who holds the lock lives
    /// by that, and may be another process.
    /// </remarks>
    public static async Task<T> WaitAsync<T>(Func<T?> tryTake, CancellationToken cancellationToken)
        where T : class
    {
        for (var milliseconds = 5; ; milliseconds = Math.Min(100, 2 * milliseconds))
        {
            if (tryTake() is { } taken)
                return taken;
            await Task.Delay(milliseconds, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Like the other, but for no longer than a limit by a clock: null when it is over.</summary>
    public static async Task<T?> WaitAsync<T>(
        Func<T?> tryTake,
        TimeSpan limit,
        TimeProvider timeProvider,
        CancellationToken cancellationToken
    )
        where T : class
    {
        using var patience = new CancellationTokenSource(limit, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await WaitAsync(tryTake, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Removes the file's name while the lock is held, and lets the lock go.</summary>
    public void DisposeAndRemove()
    {
        try
        {
            Posix.Unlink(Path);
        }
        catch (IOException)
        {
            // The name stays; the next holder takes it as its own.
        }
        Dispose();
    }

    /// <summary>Lets a shared lock go, and removes the file's name when nobody else holds one.</summary>
    public void DisposeAndRemoveIfLast()
    {
        try
        {
            // A shared lock does not become exclusive in one step: in between a remover may have had it, removed the name and
            // gone, and the name may be another file's by now.
            if (Posix.TryLock(Handle, exclusive: true, Path) && IsStillNamed(Handle, Path))
                Posix.Unlink(Path);
        }
        catch (IOException)
        {
            // The name stays; the next holder takes it as its own.
        }
        Dispose();
    }

    public void Dispose() => Posix.Unlock(Handle);

    public static bool IsStillNamed(SafeFileHandle handle, string path) =>
        Posix.TryStatus(path, out var named) && named.IsSameFile(Posix.Status(handle, path));
}
