namespace Larder.Recordings.Requests;

/// <summary>Paths at or below the root, written so that they mean the same on every machine.</summary>
/// <remarks>
/// <c>/home/ann/project/a.png</c> is <c>${root}/a.png</c> where the root is <c>/home/ann/project</c>. A text that begins with
/// <c>${root}</c> by itself gets one more <c>$</c> in front, so no two texts are written the same.
/// </remarks>
internal sealed class RootPaths(string root)
{
    private const string Mark = "${root}";

    // Every absolute path begins with the root of the file system: such a root says nothing.
    private readonly string? _root = System.IO.Path.TrimEndingDirectorySeparator(root) is { Length: > 1 } trimmed
        ? trimmed
        : null;

    /// <summary>What stands for the text in a recording.</summary>
    public string Write(string text)
    {
        if (IsMarked(text))
            return $"${text}";
        return _root is not null && IsBelow(text, _root) ? $"{Mark}{text.AsSpan(_root.Length)}" : text;
    }

    /// <summary>The text that stands in a recording, as it is on this machine.</summary>
    public string Read(string text)
    {
        if (!IsMarked(text))
            return text;
        // A recording's own mark with no root to put there stays as it is.
        return text[1] == '$' ? text[1..] : $"{_root ?? Mark}{text.AsSpan(Mark.Length)}";
    }

    private static bool IsBelow(string text, string root) =>
        text.StartsWith(root, StringComparison.Ordinal)
        && (
            text.Length == root.Length
            || text[root.Length] is '/'
            || text[root.Length] == System.IO.Path.DirectorySeparatorChar
        );

    // Any number of $, at least one, and then {root}.
    private static bool IsMarked(string text)
    {
        if (!text.StartsWith('$'))
            return false;
        var rest = text.AsSpan().TrimStart('$');
        return rest.StartsWith("{root}", StringComparison.Ordinal);
    }
}
