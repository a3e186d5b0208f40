namespace Larder.Server;

/// <summary>Which texts can be the id of a model: an id is a segment of routes, and <c>cache</c> is one of ours.</summary>
public static class ModelId
{
    /// <summary>The most characters that an id has.</summary>
    public const int MaxLength = 128;

    /// <summary>Whether a text is 1 to 128 letters, digits, '.', '_' and '-', and none of our own names.</summary>
    public static bool IsValid(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= MaxLength
            && text is not ("cache" or "." or "..")
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
    }
}
