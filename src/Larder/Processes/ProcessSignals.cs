using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Larder.Processes;

/// <summary>Ends processes that .NET does not know: those of a group, and those that left it.</summary>
internal static partial class ProcessSignals
{
    public const int Terminate = 15;

    public const int Kill = 9;

    /// <summary>Sends a signal to all of a group; false when there is no such group.</summary>
    public static bool TrySendToGroup(int leader, int signal) => kill(-leader, signal) == 0;

    /// <summary>Kills all processes that have a variable in the environment that they began with.</summary>
    /// <returns>How many there were; those that are dead and not yet collected are not among them.</returns>
    public static int KillMarked(string variable)
    {
        var mark = Encoding.UTF8.GetBytes(variable);
        var found = 0;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && id != Environment.ProcessId
                && HasMark(Path.Combine(directory, "environ"), mark)
            )
            {
                found++;
                // Ids go round once in thousands of processes: it is the one that was just looked at.
                _ = kill(id, Kill);
            }
        }
        return found;
    }

    private static bool HasMark(string path, byte[] mark)
    {
        try
        {
            return File.ReadAllBytes(path).AsSpan().IndexOf(mark) >= 0;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is another user's, and then none of ours.
            return false;
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
