using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Larder.Store;

/// <summary>What the writer of a staging area says in its lock file of what it is doing.</summary>
/// <param name="ReservedBytes">Bytes that it has reserved and not yet put into the store.</param>
/// <param name="ChangesNames">Whether it may be in the middle of a change of the store's names and counts.</param>
internal readonly record struct StagingMark(long ReservedBytes, bool ChangesNames)
{
    // Always as long, so that one write replaces all of it.
    private const int SizeBytes = 64;

    private static readonly Lazy<string> Boot = new(ReadBoot);

    /// <summary>
    /// Reads the mark of a writer; one that is missing, broken or from before the system's last start says nothing, so that
    /// the writer may have changed names.
    /// </summary>
    public static StagingMark Read(SafeFileHandle file)
    {
        var buffer = new byte[SizeBytes];
        var length = RandomAccess.Read(file, buffer, fileOffset: 0);
        var words = Encoding
            .ASCII.GetString(buffer, 0, length)
            .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var isGood =
            length == SizeBytes
            && words.Length == 3
            && words[2] == Boot.Value
            && long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return isGood
            ? new StagingMark(long.Parse(words[0], CultureInfo.InvariantCulture), words[1] != "w")
            : new StagingMark(0, ChangesNames: true);
    }

    public void Write(SafeFileHandle file)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{ReservedBytes:d20} {(ChangesNames ? 'c' : 'w')} {Boot.Value}"
        );
        RandomAccess.Write(file, Encoding.ASCII.GetBytes(text.PadRight(SizeBytes - 1) + '\n'), fileOffset: 0);
    }

    // Not synced to the device at each step, a mark is worth nothing after a power cut: it names the start that it is of.
    private static string ReadBoot()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return "-";
        }
    }
}
