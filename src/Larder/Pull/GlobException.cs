namespace Larder.Pull;

/// <summary>A pattern that selects files makes no sense.</summary>
public sealed class GlobException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public GlobException(string pattern, string message)
        : base(message) => Pattern = pattern;

    /// <summary>The pattern.</summary>
    public string Pattern { get; }
}
