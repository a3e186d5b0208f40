namespace Larder.HuggingFace;

/// <summary>Which Hub, and who asks it.</summary>
public sealed class HuggingFaceOptions
{
    /// <summary>
    /// The Hub, or a mirror of it, over http or https; null, the default, for what <c>HF_ENDPOINT</c> names, else
    /// <c>https://huggingface.co</c>.
    /// </summary>
    public Uri? Endpoint { get; set; }

    /// <summary>
    /// The access token; null, the default, for what the Hub's own clients would take: <c>HF_TOKEN</c>, else the file
    /// <c>HF_TOKEN_PATH</c>, else <c>HF_HOME/token</c>, and none with <c>HF_HUB_DISABLE_IMPLICIT_TOKEN=1</c>.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>How long the Hub may take to begin an answer; 60 s.</summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether an address can be a Hub's: over http or https, without user, query and fragment.</summary>
    public static bool IsEndpoint(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.IsAbsoluteUri
            && uri.Scheme is "http" or "https"
            && uri.UserInfo.Length == 0
            && uri.Query.Length == 0
            && uri.Fragment.Length == 0;
    }
}
