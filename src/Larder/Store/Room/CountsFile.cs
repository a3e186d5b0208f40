using System.Globalization;
using System.Text;
using Larder.Store.Scrub;
using Microsoft.Win32.SafeHandles;

namespace Larder.Store.Room;

/// <summary>The counts as they stand in the file that is locked to change them: five numbers and a checksum.</summary>
/// <remarks>
/// They are right as long as no writer dies while it changes names; then its staging area is left, and whoever sweeps that
/// counts again. The file is on the device before the staging area goes, so that a power cut cannot undo the one alone.
/// </remarks>
internal static class CountsFile
{
    // Always as long, so that one write replaces all of it.
    private const int SizeBytes = 128;
    private const int NumbersBytes = 5 * 21;

    /// <summary>Reads the counts; null when they were never written, or are damaged.</summary>
    public static StoreCounts? Read(SafeFileHandle file)
    {
        var buffer = new byte[SizeBytes];
        if (RandomAccess.Read(file, buffer, fileOffset: 0) != SizeBytes)
            return null;
        var words = Encoding.ASCII.GetString(buffer).Split(' ', StringSplitOptions.TrimEntries);
        var numbers = new long[5];
        if (words.Length != numbers.Length + 1 || words[^1] != Checksum(buffer))
            return null;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!long.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }
        return new StoreCounts
        {
            Entries = numbers[0],
            EntryBytes = numbers[1],
            Blobs = numbers[2],
            BlobBytes = numbers[3],
            CopyBytes = numbers[4],
        };
    }

    /// <summary>Replaces the counts and waits until they are on the device.</summary>
    public static void Write(SafeFileHandle file, StoreCounts counts, string path)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{counts.Entries:d20} {counts.EntryBytes:d20} {counts.Blobs:d20} {counts.BlobBytes:d20} {counts.CopyBytes:d20} "
        );
        var bytes = Encoding.ASCII.GetBytes(text.PadRight(SizeBytes, '\n'));
        Encoding.ASCII.GetBytes(Checksum(bytes), bytes.AsSpan(NumbersBytes));
        RandomAccess.Write(file, bytes, fileOffset: 0);
        Posix.Sync(file, path);
    }

    private static string Checksum(ReadOnlySpan<byte> bytes) =>
        Crc32C.Of(bytes[..NumbersBytes]).ToString("x8", CultureInfo.InvariantCulture);
}
