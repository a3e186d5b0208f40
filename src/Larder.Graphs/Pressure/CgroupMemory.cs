using System.Globalization;

namespace Larder.Graphs.Pressure;

/// <summary>The memory of the cgroup that the process is in, by the files that Linux shows it in; version 2, else 1.</summary>
/// <remarks>
/// What counts is the working set, as Kubernetes has it: use less the files that nobody has touched of late, which the kernel drops
/// before it kills anybody. See the kernel's <c>Documentation/admin-guide/cgroup-v2.rst</c>.
/// </remarks>
internal sealed class CgroupMemory(string root)
{
    // The kernel writes a number near the largest for "no limit" in version 1.
    private const long NoLimit = 1L << 60;

    /// <summary>The part of the limit that is in use, in the group whose limit is nearest; false where there is none.</summary>
    public bool TryMeasure(out double load)
    {
        load = 0;
        var isLimited = false;
        try
        {
            foreach (var line in File.ReadLines(Path.Combine(root, "proc/self/cgroup")))
            {
                var parts = line.Split(':', 3);
                if (parts.Length is not 3)
                    continue;
                var files = parts[1] switch
                {
                    "" => new Names("sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"),
                    var controllers when controllers.Split(',').Contains("memory", StringComparer.Ordinal) => new Names(
                        "sys/fs/cgroup/memory",
                        "memory.limit_in_bytes",
                        "memory.usage_in_bytes",
                        "total_inactive_file"
                    ),
                    _ => null,
                };
                if (files is null)
                    continue;
                foreach (var part in Measure(files, parts[2]))
                    (isLimited, load) = (true, Math.Max(load, part));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or files that this process may not read: then there is nothing to tell.
        }
        return isLimited;
    }

    /// <summary>The load of a group and of those that it is in, as far as they have limits.</summary>
    private IEnumerable<double> Measure(Names names, string group)
    {
        // Within a container the group's name is that outside of it, and its files lie at the mount itself.
        var mount = Path.Combine(root, names.Mount);
        for (var name = group.Trim('/'); ; name = Path.GetDirectoryName(name) ?? "")
        {
            var folder = Path.Combine(mount, name);
            if (
                TryRead(Path.Combine(folder, names.Limit), out var limit)
                && limit is > 0 and < NoLimit
                && TryRead(Path.Combine(folder, names.Use), out var use)
            )
            {
                yield return (double)Math.Max(0, use - InactiveFiles(folder, names)) / limit;
            }
            if (name.Length is 0)
                yield break;
        }
    }

    private static long InactiveFiles(string folder, Names names)
    {
        var file = Path.Combine(folder, "memory.stat");
        if (!File.Exists(file))
            return 0;
        foreach (var line in File.ReadLines(file))
        {
            if (line.StartsWith(names.InactiveFiles + " ", StringComparison.Ordinal))
                return Parse(line[(names.InactiveFiles.Length + 1)..], out var bytes) ? bytes : 0;
        }
        return 0;
    }

    private static bool TryRead(string file, out long bytes)
    {
        bytes = 0;
        return File.Exists(file) && Parse(File.ReadAllText(file), out bytes);
    }

    // "max" is no number, and no limit.
    private static bool Parse(string text, out long bytes) =>
        long.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out bytes);

    private sealed record Names(string Mount, string Limit, string Use, string InactiveFiles);
}
