using System.Globalization;

namespace Larder.Processes;

/// <summary>How much memory the processes of a session hold.</summary>
internal static class SessionMemory
{
    // In /proc/PID/stat behind the name, which may have any letters: state, parent, group, session.
    private const int SessionField = 3;

    private const int ResidentField = 21;

    /// <summary>The resident bytes of all processes of a session; pages that they share count for each. Null when none can be seen.</summary>
    public static long? Of(int session)
    {
        long pages = 0;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out _)
                && Read(Path.Combine(directory, "stat")) is { } fields
                && int.Parse(fields[SessionField], CultureInfo.InvariantCulture) == session
            )
                pages += long.Parse(fields[ResidentField], CultureInfo.InvariantCulture);
        }
        return pages > 0 ? pages * Environment.SystemPageSize : null;
    }

    private static string[]? Read(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
