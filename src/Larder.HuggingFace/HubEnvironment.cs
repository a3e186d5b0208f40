using System.Diagnostics.CodeAnalysis;

namespace Larder.HuggingFace;

/// <summary>The variables and files that the Hub's own clients obey.</summary>
/// <param name="read">Gives a variable; null where it is not set.</param>
internal sealed class HubEnvironment(Func<string, string?> read)
{
    /// <summary>That of this process.</summary>
    public static readonly HubEnvironment Process = new(Environment.GetEnvironmentVariable);

    public string? Endpoint => Variable("HF_ENDPOINT");

    /// <summary>The token and where it comes from; null where there is none.</summary>
    /// <remarks>Read anew each time: who logs in while a server runs should not have to start it again.</remarks>
    /// <exception cref="IOException">There is a file for it that cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public (string Token, string Source)? ReadToken()
    {
        if (Variable("HF_HUB_DISABLE_IMPLICIT_TOKEN") is { } off && IsTrue(off))
            return null;
        if (Variable("HF_TOKEN") is { } token)
            return (token, "HF_TOKEN");
        var path = Variable("HF_TOKEN_PATH") is { } named ? Expand(named) : Path.Combine(Home(), "token");
        return TryReadFile(path, out var content) ? (content, path) : null;
    }

    private string Home()
    {
        if (Variable("HF_HOME") is { } home)
            return Expand(home);
        var cache = Variable("XDG_CACHE_HOME") is { } xdg ? Expand(xdg) : Path.Combine(UserHome(), ".cache");
        return Path.Combine(cache, "huggingface");
    }

    private string UserHome() => Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private string Expand(string path) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? UserHome() + path[1..] : path;

    private string? Variable(string name) => read(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static bool TryReadFile(string path, [NotNullWhen(true)] out string? content)
    {
        try
        {
            content = File.ReadAllText(path).Trim();
            return content.Length > 0;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            content = null;
            return false;
        }
    }

    private static bool IsTrue(string value) => value.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";
}
