using System.Globalization;
using System.Runtime.InteropServices;
using Larder.Onnx.Native;

namespace Larder.Onnx.Evaluations;

/// <summary>What of this machine the figures of an evaluation depend on, as it stands in their keys.</summary>
internal static class MachineFacts
{
    private const string CpuFile = "/proc/cpuinfo";
    private const string Unknown = "unknown";

    private static readonly string[] CpuNumbers = ["CPU implementer", "CPU part", "CPU variant", "CPU revision"];

    /// <summary>What outputs depend on: other machines may take each other's figures.</summary>
    public static Dictionary<string, string> ForOutputs() =>
        new(StringComparer.Ordinal)
        {
            ["onnxruntime"] = OrtRuntime.Get(null).Api.LibraryVersion,
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        };

    /// <summary>What times depend on: only a machine of the same kind may take them for its own.</summary>
    public static unsafe Dictionary<string, string> ForTimes()
    {
        var facts = ForOutputs();
        facts["onnxruntime_build"] = Utf8Text.Read(OrtRuntime.Get(null).Api.GetBuildInfoString());
        facts["cpu"] = ReadCpuName();
        // Those that this process may use, which a container's limits make fewer.
        facts["processors"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        return facts;
    }

    /// <summary>The name of the processor in the text of <c>/proc/cpuinfo</c>.</summary>
    /// <remarks>Where there is none (arm64), the numbers that tell one kind from another stand for it.</remarks>
    internal static string ParseCpuName(IEnumerable<string> lines)
    {
        // Those of the first processor: an empty line ends it.
        var facts = lines
            .TakeWhile(line => line.Length > 0)
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2)
            .DistinctBy(parts => parts[0], StringComparer.Ordinal)
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        if (facts.TryGetValue("model name", out var name) && name.Length > 0)
            return name;
        var numbers = CpuNumbers.Where(facts.ContainsKey).Select(fact => facts[fact]);
        return string.Join(' ', numbers) is { Length: > 0 } text ? text : Unknown;
    }

    private static string ReadCpuName()
    {
        try
        {
            return ParseCpuName(File.ReadLines(CpuFile));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Unknown;
        }
    }
}
