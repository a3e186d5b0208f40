using System.Globalization;
using Larder.Store;
using Microsoft.Win32.SafeHandles;

namespace Larder.Recordings.Files;

/// <summary>Reads a file of recordings as a whole, and takes no pipe, no link and nothing that is too large to be one.</summary>
internal static class FileBytes
{
    /// <summary>The largest document.</summary>
    public const int MostDocumentBytes = 256 << 20;

    /// <summary>The largest attachment.</summary>
    public const int MostAttachmentBytes = 1 << 30;

    // Not among the core's: nothing else in Larder opens what a link may stand for.
    private const int ELOOP = 40;

    // A file that is written in place while it is read changes under the reader.
    private const int Attempts = 3;

    /// <summary>The bytes of a file, and its status when it had them; null when there is none.</summary>
    /// <exception cref="RecordingDamagedException">It is no plain file, too large, or cannot be read.</exception>
    public static byte[]? TryRead(string file, int mostBytes, out FileStatus status)
    {
        try
        {
            using var handle = Posix.TryOpenToRead(file);
            if (handle is null)
            {
                status = default;
                return null;
            }
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                status = Posix.Status(handle, file);
                Require(status, file, mostBytes);
                var bytes = new byte[status.SizeBytes];
                if (ReadAll(handle, bytes) == bytes.Length && Posix.Status(handle, file) == status)
                    return bytes;
            }
            throw Damage.Of(file, "it is being written", "Wait for its writer, and try again");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Refused(file, refused);
        }
    }

    /// <summary>What the system tells of a file, a link not followed; false when there is none.</summary>
    /// <exception cref="RecordingDamagedException">The system does not tell.</exception>
    public static bool TryStatus(string file, out FileStatus status)
    {
        try
        {
            return Posix.TryStatus(file, followLinks: false, out status);
        }
        catch (IOException refused)
        {
            throw Refused(file, refused);
        }
    }

    /// <summary>Says that a file is larger than any recording.</summary>
    public static RecordingDamagedException TooLarge(string file, long bytes, long mostBytes) =>
        Damage.Of(
            file,
            string.Create(CultureInfo.InvariantCulture, $"it has {bytes} bytes, and at most {mostBytes} are read"),
            "Record a smaller answer"
        );

    /// <summary>Says that a link is in the place of a file or a directory.</summary>
    public static RecordingDamagedException Linked(string file, Exception? inner = null) =>
        Damage.Of(file, "it is a symbolic link", "Put what it leads to in its place", inner);

    /// <summary>Says what the file system refused.</summary>
    public static RecordingDamagedException Refused(string file, Exception failure) =>
        failure switch
        {
            IOException { HResult: ELOOP } => Linked(file, failure),
            UnauthorizedAccessException or IOException { HResult: Posix.EACCES or Posix.EPERM } => Damage.Of(
                file,
                "this user may not read it",
                "Give it the right to read the file and to enter its directory",
                failure
            ),
            _ => Damage.Of(file, $"the system could not read it ({failure.Message.TrimEnd('.')})", inner: failure),
        };

    private static void Require(in FileStatus status, string file, int mostBytes)
    {
        if (status.IsDirectory)
            throw Damage.Of(file, "it is a directory", "Remove the directory");
        if (!status.IsFile)
            throw Damage.Of(file, "it is neither a file nor a directory", "Remove it");
        if (status.SizeBytes > mostBytes)
            throw TooLarge(file, status.SizeBytes, mostBytes);
    }

    private static int ReadAll(SafeFileHandle handle, byte[] bytes)
    {
        var length = 0;
        while (length < bytes.Length)
        {
            var read = RandomAccess.Read(handle, bytes.AsSpan(length), length);
            if (read == 0)
                break;
            length += read;
        }
        return length;
    }
}
