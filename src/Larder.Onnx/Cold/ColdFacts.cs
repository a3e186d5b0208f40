using System.Runtime.InteropServices;
using Larder.Onnx.Native;

namespace Larder.Onnx.Cold;

/// <summary>What an optimised graph depends on besides the model: who optimised it, and for which processor.</summary>
/// <param name="RuntimeVersion">The version of ONNX Runtime.</param>
/// <param name="RuntimeBuild">From which sources that library was built, and how.</param>
/// <param name="Architecture">The architecture of this process, such as <c>x64</c>.</param>
/// <param name="CpuFeatures">The instruction sets that kernels and layouts are chosen by, sorted.</param>
internal sealed record ColdFacts(
    string RuntimeVersion,
    string RuntimeBuild,
    string Architecture,
    IReadOnlyList<string> CpuFeatures
)
{
    private const string CpuFile = "/proc/cpuinfo";

    // Of the hundred flags of an x86 processor those that change what is computed. Others come and go with the kernel.
    private static readonly string[] Families = ["amx", "avx", "bmi", "f16c", "fma", "sse", "ssse"];

    /// <summary>The facts of this process; null when the processor cannot be told.</summary>
    public static ColdFacts? Of(OrtRuntime runtime) =>
        ReadCpuFeatures() is { } features
            ? new ColdFacts(
                runtime.Api.LibraryVersion,
                BuildOf(runtime),
                RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
                features
            )
            : null;

    /// <summary>From which sources the library of a runtime was built, and how.</summary>
    public static unsafe string BuildOf(OrtRuntime runtime) => Utf8Text.Read(runtime.Api.GetBuildInfoString());

    /// <summary>The features in the text of <c>/proc/cpuinfo</c>; null when it names none.</summary>
    internal static IReadOnlyList<string>? ParseCpuFeatures(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                continue;
            var flags = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (line.AsSpan(0, colon).Trim())
            {
                case "flags":
                    return Sorted(
                        flags.Where(flag => Families.Any(family => flag.StartsWith(family, StringComparison.Ordinal)))
                    );
                case "Features": // arm64: a short list, all of it instruction sets.
                    return Sorted(flags);
            }
        }
        return null;
    }

    private static IReadOnlyList<string>? ReadCpuFeatures()
    {
        try
        {
            return ParseCpuFeatures(File.ReadLines(CpuFile));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] Sorted(IEnumerable<string> features) => [.. features.Order(StringComparer.Ordinal)];
}
