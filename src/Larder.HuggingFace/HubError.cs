using Larder.Content;

namespace Larder.HuggingFace;

/// <summary>What the Hub says of a refusal besides its status.</summary>
/// <param name="Code">Its kind, such as <c>RepoNotFound</c>; null where it is not said.</param>
/// <param name="Message">What it says to people; null where it says nothing, or what should not be shown.</param>
internal sealed record HubError(string? Code, string? Message)
{
    private const int LongestMessage = 300;

    public static readonly HubError None = new(null, null);

    /// <summary>The message as the end of a sentence.</summary>
    public string Said => Message is null ? "" : $" (it said {Printable.Quote(Message)})";

    public static HubError Of(HttpResponseMessage response, HubAccess access)
    {
        var message = Header(response, "X-Error-Message");
        return new HubError(Header(response, "X-Error-Code"), MayBeShown(message, access) ? message : null);
    }

    // Servers repeat what they were sent: the token itself, or an address with a signature.
    private static bool MayBeShown(string? message, HubAccess access) =>
        message is { Length: > 0 and <= LongestMessage }
        && (access.Token is null || !message.Contains(access.Token, StringComparison.Ordinal))
        && !message.Contains("hf_", StringComparison.Ordinal)
        && !message.Contains("Bearer", StringComparison.OrdinalIgnoreCase)
        && !message.Contains('?', StringComparison.Ordinal);

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
