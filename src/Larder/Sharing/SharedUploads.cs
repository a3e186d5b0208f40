using Microsoft.Win32.SafeHandles;

namespace Larder.Sharing;

/// <summary>The files that are written to shared stores.</summary>
internal static class SharedUploads
{
    /// <summary>Opens a file to be read from, by several at once.</summary>
    /// <exception cref="SharedStoreException">It is not there, cannot be read, or has another length than it should.</exception>
    public static SafeFileHandle Open(string location, SharedUpload file)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(file.Path);
            var sizeBytes = RandomAccess.GetLength(handle);
            return sizeBytes == file.SizeBytes
                ? handle
                : throw Broken($"it has {sizeBytes} bytes, and {file.SizeBytes} were expected", inner: null);
        }
        catch (Exception failure)
        {
            handle?.Dispose();
            if (failure is IOException or UnauthorizedAccessException)
                throw Broken(failure.Message.TrimEnd('.'), failure);
            throw;
        }

        SharedStoreException Broken(string why, Exception? inner) =>
            new(SharedFailure.Broken, location, $"'{file.Path}' cannot be sent to '{location}': {why}.", inner);
    }
}
