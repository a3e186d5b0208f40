using Larder.Content;

namespace Larder.Baking;

/// <summary>Paths in an image, written without the slash at their beginning.</summary>
internal static class ImagePath
{
    /// <summary>What begins the names that stand for a removal in a layer; no file of an image can have such a name.</summary>
    public const string Whiteout = ".wh.";

    /// <summary>Stands in a directory of a layer, and hides all that lower layers have there.</summary>
    public const string Opaque = ".wh..wh..opq";

    /// <summary>Reads an absolute path; its slashes at both ends are dropped.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static string Parse(string path, string parameter)
    {
        ArgumentNullException.ThrowIfNull(path, parameter);
        if (!path.StartsWith('/'))
            throw new ArgumentException($"'{path}' is not absolute; {BakeOptions.DefaultPath} would be.", parameter);
        var relative = path.Trim('/');
        return relative.Length == 0 || FaultIn(relative) is not { } fault
            ? relative
            : throw new ArgumentException($"'{path}' {fault}.", parameter);
    }

    /// <summary>What is wrong with a relative path in an image, to be read after it; null when it is a good one.</summary>
    public static string? FaultIn(string path) =>
        ManifestPath.FaultIn(path)
        ?? (
            path.Split('/').Any(segment => segment.StartsWith(Whiteout, StringComparison.Ordinal))
                ? $"has a name that begins with '{Whiteout}', which stands for a removal in layers of images"
                : null
        );

    public static string Join(string directory, string path) => directory.Length == 0 ? path : $"{directory}/{path}";

    /// <summary>The directory of a path; empty for the root.</summary>
    public static string DirectoryOf(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";
}
