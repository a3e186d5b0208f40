using Larder.Origins;

namespace Larder.Cli;

/// <summary>References as people type them.</summary>
internal static class References
{
    /// <summary>A URI, or a path that begins with '/', './', '../' or '~/'.</summary>
    public static ModelReference Parse(string text)
    {
        if (text.StartsWith("~/", StringComparison.Ordinal))
            return ModelReference.OfPath(
                Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), text[2..])
            );
        var isPath =
            text is "." or ".."
            || text.StartsWith('/')
            || text.StartsWith("./", StringComparison.Ordinal)
            || text.StartsWith("../", StringComparison.Ordinal);
        return isPath ? ModelReference.OfPath(text) : ModelReference.Parse(text);
    }
}
