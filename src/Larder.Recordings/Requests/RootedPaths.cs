namespace Larder.Recordings.Requests;

/// <summary>Paths below one directory as texts that are the same wherever that directory lies.</summary>
internal sealed class RootedPaths
{
    /// <summary>What stands for the directory.</summary>
    public const string Mark = "${root}";

    private const string FileUri = "file://";

    private static readonly StringComparison Comparison = OperatingSystem.IsWindows()
        ? StringComparison.OrdinalIgnoreCase
        : StringComparison.Ordinal;

    private readonly string _root;

    public RootedPaths(string root) => _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <summary>The text with the mark in the place of the directory; a text that is no such path, as it is.</summary>
    /// <remarks>Two texts are never made one: one that begins with the mark already gets another <c>$</c> before it.</remarks>
    public string Shorten(string text)
    {
        var start = text.StartsWith(FileUri, StringComparison.Ordinal) ? FileUri.Length : 0;
        var rest = text.AsSpan(start);
        if (rest.StartsWith(_root, Comparison) && IsBelow(text[start..]))
            return $"{text.AsSpan(0, start)}{Mark}{Separated(rest[_root.Length..])}";

        return rest.StartsWith('$') && rest.TrimStart('$').StartsWith(Mark.AsSpan(1))
            ? $"{text.AsSpan(0, start)}${rest}"
            : text;
    }

    // "/root/../other" begins with the root and is not below it.
    private bool IsBelow(string path)
    {
        if (path.Length > _root.Length && !IsSeparator(path[_root.Length]) && !Path.EndsInDirectorySeparator(_root))
            return false;
        if (path.Contains('\0', StringComparison.Ordinal))
            return false;

        var full = Path.GetFullPath(path);
        return full.StartsWith(_root, Comparison)
            && (full.Length == _root.Length || IsSeparator(full[_root.Length]) || Path.EndsInDirectorySeparator(_root));
    }

    private static bool IsSeparator(char unit) =>
        unit == Path.DirectorySeparatorChar || unit == Path.AltDirectorySeparatorChar;

    private static string Separated(ReadOnlySpan<char> path)
    {
        var text = path.ToString();
        return OperatingSystem.IsWindows() ? text.Replace('\\', '/') : text;
    }
}
