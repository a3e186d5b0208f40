using Larder.Content;

namespace Larder.Pull;

/// <summary>A pattern for the paths of files, by the rules of <c>.gitignore</c>.</summary>
/// <remarks>
/// Without a slash it is the name of a file or directory at any depth; with one it is a path from the top. <c>*</c> and
/// <c>?</c> stand for characters of one name, <c>[a-z]</c> for one of some, <c>**</c> for any number of directories. What
/// matches a directory matches all that is in it. Upper and lower case differ.
/// </remarks>
internal sealed class Glob
{
    // Bounds the work together with the length of a path: each pair of their characters is compared once at most.
    private const int MaxLength = 1024;
    private const string AnyDirectories = "**";

    // Null stands for any number of directories.
    private readonly GlobSegment?[] _segments;

    private Glob(GlobSegment?[] segments) => _segments = segments;

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="GlobException">It makes no sense.</exception>
    public static Glob Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return FaultIn(text) is { } fault
            ? throw new GlobException(text, $"{Printable.Quote(text)} is no pattern for files: it {fault}.")
            : new Glob([.. Segments(text).Select(part => part == AnyDirectories ? null : GlobSegment.Parse(part))]);
    }

    /// <summary>Whether a file of that path is meant.</summary>
    public bool Matches(string path)
    {
        // The usual way without a stack: only the last "**" is ever tried with more, as what it takes earlier ones need not.
        Span<Range> names = stackalloc Range[64];
        var text = path.AsSpan();
        var count = text.Count('/') + 1;
        names = count <= names.Length ? names : new Range[count];
        text.Split(names, '/');

        var (name, segment, retryName, retrySegment) = (0, 0, -1, 0);
        while (name < count)
        {
            if (segment < _segments.Length && _segments[segment] is null)
                (retryName, retrySegment) = (name, ++segment);
            else if (segment < _segments.Length && _segments[segment]!.Matches(text[names[name]]))
                (name, segment) = (name + 1, segment + 1);
            else if (retryName >= 0)
                (name, segment) = (++retryName, retrySegment);
            else
                return false;
        }
        while (segment < _segments.Length && _segments[segment] is null)
            segment++;
        return segment == _segments.Length;
    }

    /// <summary>What is wrong with a pattern, to be read after it; null when nothing is.</summary>
    public static string? FaultIn(string text)
    {
        if (text.Length > MaxLength)
            return $"is longer than {MaxLength} characters";
        if (!Utf16.IsWellFormed(text) || text.Any(char.IsControl))
            return "has a character that no path has";
        if (text.StartsWith('!'))
            return "begins with '!', which takes nothing back here; name what is not wanted in a pattern of its own, to exclude it";
        if (text.Contains("//", StringComparison.Ordinal))
            return "has two slashes in a row";
        var names = text.Trim('/');
        return names.Length == 0
            ? "names nothing"
            : names.Split('/').Select(FaultInSegment).FirstOrDefault(fault => fault is not null);
    }

    private static string? FaultInSegment(string segment) =>
        segment switch
        {
            "." or ".." => $"has a segment '{segment}'; paths begin at the top of the model, without './'",
            _ => GlobSegment.FaultIn(segment),
        };

    private static List<string> Segments(string text)
    {
        var names = text.Trim('/');
        List<string> segments = [.. names.Split('/')];
        if (!names.Contains('/', StringComparison.Ordinal) && !text.StartsWith('/'))
            segments.Insert(0, AnyDirectories);
        // "a/**" is what is in a directory, not a file of that name.
        if (segments[^1] == AnyDirectories)
            segments.Insert(segments.Count - 1, "*");
        if (text.EndsWith('/'))
            segments.Add("*");
        segments.Add(AnyDirectories);
        return segments;
    }
}
