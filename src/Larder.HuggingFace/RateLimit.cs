using System.Globalization;
using System.Net;
using Larder.Origins.Http;

namespace Larder.HuggingFace;

/// <summary>How long the Hub asks to be left alone.</summary>
/// <remarks>
/// Its own header is <c>RateLimit: "api";r=0;t=42</c>: of what, how many requests are left, seconds until there are more
/// (draft-ietf-httpapi-ratelimit-headers).
/// </remarks>
internal static class RateLimit
{
    /// <summary>The longer one of what the two headers say; null where they say nothing.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var plain = HttpFailures.RetryAfter(response);
        var reset = response.StatusCode == HttpStatusCode.TooManyRequests ? Reset(response) : null;
        return plain > reset ? plain : reset ?? plain;
    }

    private static TimeSpan? Reset(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("RateLimit", out var values))
            return null;
        var parameters = values.First().Split(';', StringSplitOptions.TrimEntries);
        return Number(parameters, "r=") is null or 0 && Number(parameters, "t=") is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : null;
    }

    private static int? Number(string[] parameters, string name) =>
        Array.Find(parameters, parameter => parameter.StartsWith(name, StringComparison.Ordinal)) is { } found
        && int.TryParse(found[name.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
