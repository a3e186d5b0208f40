using Larder.Store;
using Microsoft.Win32.SafeHandles;

namespace Larder.Pull;

/// <summary>One flight for all processes: its holder does the work, the others wait for it.</summary>
/// <remarks>
/// The holder removes the file's name when it has landed; those who wait still have the file itself open, and read in it why
/// the flight failed, if it did. So a failure reaches exactly those who waited for it and nobody who comes later. The lock
/// of a holder that died is free, its file still has its name, and the next one takes over.
/// </remarks>
internal sealed class FlightLock : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _path;

    private FlightLock(SafeFileHandle file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <summary>Waits for the lock; null when the flight that held it has landed meanwhile.</summary>
    /// <exception cref="LarderException">The flight that was waited for has failed: its failure.</exception>
    public static async Task<FlightLock?> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        var file = Posix.OpenOrCreate(path);
        try
        {
            await LockFile
                .WaitAsync(() => Posix.TryLock(file, exclusive: true, path) ? file : null, cancellationToken)
                .ConfigureAwait(false);
            if (LockFile.IsStillNamed(file, path))
            {
                // A holder that died may have left a failure in it, which is none of this flight's.
                RandomAccess.SetLength(file, 0);
                return new FlightLock(file, path);
            }
            if (FlightFailure.TryRead(file) is { } failure)
                throw failure;
            file.Dispose();
            return null;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Leaves a failure to those who wait.</summary>
    public void Fail(LarderException failure)
    {
        try
        {
            FlightFailure.Write(_file, failure);
        }
        catch (IOException)
        {
            // A full disk, for instance: then those who wait try for themselves.
        }
    }

    public void Dispose()
    {
        try
        {
            Posix.Unlink(_path);
        }
        catch (IOException)
        {
            // The name stays and the next holder takes it over.
        }
        Posix.Unlock(_file);
    }
}
