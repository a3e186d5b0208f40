using System.Runtime.InteropServices;

namespace Larder.Onnx.Native;

/// <summary>Finds the native library and loads it.</summary>
internal static unsafe class OrtLibrary
{
    public const string FileName = "libonnxruntime.so.1";
    public const string Variable = "LARDER_ONNXRUNTIME";

    private const string UnversionedName = "libonnxruntime.so";

    /// <summary>Loads the first library that can be used.</summary>
    /// <param name="named">The file that the caller or the environment names; then no other is tried.</param>
    /// <param name="baseDirectory">The directory of the program.</param>
    /// <param name="packageDirectories">Where the native files of referenced packages lie, each as an absolute path.</param>
    /// <exception cref="OnnxRuntimeMissingException">There is none.</exception>
    public static OrtApi Load(string? named, string baseDirectory, params IReadOnlyList<string> packageDirectories)
    {
        var tried = new List<string>();
        foreach (var place in Places(named, baseDirectory, packageDirectories))
        {
            if (TryLoad(place, out var reason) is { } api)
                return api;
            tried.Add($"{place} ({reason})");
        }
        throw new OnnxRuntimeMissingException(tried);
    }

    /// <summary>The directories of native files that the host has read from what packages this program references.</summary>
    /// <remarks>
    /// A program that is built for any platform has them below <c>runtimes</c> or in the cache of packages, where the loader of the
    /// system does not look.
    /// </remarks>
    public static IReadOnlyList<string> PackageDirectories() =>
        AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string directories
            ? directories.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            : [];

    private static string[] Places(string? named, string baseDirectory, IReadOnlyList<string> packageDirectories) =>
        string.IsNullOrEmpty(named)
            ?
            [
                Path.Combine(baseDirectory, FileName),
                Path.Combine(baseDirectory, UnversionedName),
                .. packageDirectories.SelectMany(FilesIn),
                FileName,
                UnversionedName,
            ]
            : [Path.GetFullPath(named)];

    // Most of these directories are .NET's own: that they lack it is no news to anybody.
    private static IEnumerable<string> FilesIn(string directory) =>
        new[] { Path.Combine(directory, FileName), Path.Combine(directory, UnversionedName) }.Where(File.Exists);

    private static OrtApi? TryLoad(string place, out string reason)
    {
        if (Path.IsPathRooted(place) && !File.Exists(place))
        {
            reason = "no such file";
            return null;
        }
        nint library;
        try
        {
            library = NativeLibrary.Load(place);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            reason = Path.IsPathRooted(place) ? exception.Message.Trim() : "not on the library path";
            return null;
        }
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var getApiBase))
        {
            reason = "not ONNX Runtime";
            return null;
        }
        var apiBase = ((delegate* unmanaged[Cdecl]<nint*>)getApiBase)();
        var version = Utf8Text.Read(((delegate* unmanaged[Cdecl]<byte*>)apiBase[1])());
        // Looked at first, because a library that is too old writes to standard error when asked for the table.
        if (!System.Version.TryParse(version, out var parsed) || parsed < new Version(1, (int)OrtApi.Version))
        {
            reason = $"version {version} is older than 1.{OrtApi.Version}";
            return null;
        }
        reason = "";
        return new OrtApi((nint*)((delegate* unmanaged[Cdecl]<uint, nint>)apiBase[0])(OrtApi.Version), version);
    }
}
