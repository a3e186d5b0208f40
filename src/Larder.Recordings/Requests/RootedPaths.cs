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

    // Every absolute path is below the root of the file system: such a directory says nothing.
    private readonly string? _root;

    public RootedPaths(string root)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        _root = full == Path.GetPathRoot(full) ? null : full;
    }

    /// <summary>The text with the mark in the place of the directory; a text that is no such path, as it is.</summary>
    /// <remarks>Two texts are never made one: one that begins with the mark already gets another <c>$</c> before it.</remarks>
    public string Shorten(string text)
    {
        var start = StartOf(text);
        var rest = text.AsSpan(start);
        if (_root is not null && rest.StartsWith(_root, Comparison) && IsBelow(text[start..], _root))
            return $"{text.AsSpan(0, start)}{Mark}{Separated(rest[_root.Length..])}";
        return IsMarked(rest) ? $"{text.AsSpan(0, start)}${rest}" : text;
    }

    /// <summary>What <see cref="Shorten"/> has written, with this machine's directory in the place of the mark.</summary>
    public string Restore(string text)
    {
        var start = StartOf(text);
        var rest = text.AsSpan(start);
        if (!IsMarked(rest))
            return text;
        if (rest[1] == '$')
            return $"{text.AsSpan(0, start)}{rest[1..]}";
        // Written where there was such a directory, and here is none.
        return _root is null ? text : $"{text.AsSpan(0, start)}{_root}{rest[Mark.Length..]}";
    }

    private static int StartOf(string text) => text.StartsWith(FileUri, StringComparison.Ordinal) ? FileUri.Length : 0;

    // Any number of $, at least one, and then {root}.
    private static bool IsMarked(ReadOnlySpan<char> text) =>
        text.StartsWith('$') && text.TrimStart('$').StartsWith(Mark.AsSpan(1));

    // "/root/../other" begins with the root and is not below it.
    private static bool IsBelow(string path, string root)
    {
        if (path.Length > root.Length && !IsSeparator(path[root.Length]))
            return false;
        if (path.Contains('\0', StringComparison.Ordinal))
            return false;

        var full = Path.GetFullPath(path);
        return full.StartsWith(root, Comparison) && (full.Length == root.Length || IsSeparator(full[root.Length]));
    }

    private static bool IsSeparator(char unit) =>
        unit == Path.DirectorySeparatorChar || unit == Path.AltDirectorySeparatorChar;

    private static string Separated(ReadOnlySpan<char> path)
    {
        var text = path.ToString();
        return OperatingSystem.IsWindows() ? text.Replace('\\', '/') : text;
    }
}
