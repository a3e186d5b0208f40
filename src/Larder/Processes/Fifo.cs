using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Larder.Processes;

/// <summary>Pipes with names.</summary>
internal static partial class Fifo
{
    private const uint OwnerOnly = 0x180; // 0600

    /// <summary>Makes a pipe and holds it open for writing, without waiting for somebody who reads.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static SafeFileHandle Create(string path)
    {
        if (mkfifo(path, OwnerOnly) != 0)
            throw new IOException($"mkfifo '{path}' failed: {Marshal.GetLastPInvokeErrorMessage()}");
        // For both directions: for one alone, opening waits for the other.
        return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);
}
