namespace Larder.Passes.Documents;

/// <summary>Paths as people write them in a workflow.</summary>
internal static class DocumentPath
{
    /// <summary>Whether a text begins like a URI. A file whose name does so too is written with './' before it.</summary>
    public static bool IsUri(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 1 and var colon && Uri.CheckSchemeName(text[..colon]);

    /// <summary>The absolute path of one that may begin at a directory, or with '~/' at the user's own.</summary>
    /// <exception cref="ArgumentException">It is no path.</exception>
    public static string Resolve(string text, string baseDirectory)
    {
        var path = text.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), text[2..])
            : text;
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, baseDirectory));
    }
}
