using Microsoft.AspNetCore.Http;

namespace Larder.Server.Access;

/// <summary>Whether a request comes from a page of this server, from no page at all, or from somebody else's.</summary>
/// <remarks>Browsers write both headers themselves, and let no page change them.</remarks>
internal static class WebOrigins
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>Whether a page that is not this server's own had a browser send it.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        if (request.Headers.Origin.Count > 0)
            return !IsOurs(request);
        // A page on another port of this machine is "same-site", and a stranger nevertheless.
        return request.Headers[FetchSite] is { Count: > 0 } site && site.ToString() is not ("same-origin" or "none");
    }

    /// <summary>Whether the browser says that a page of this server sent it.</summary>
    public static bool IsOurs(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        if (
            origin.Count != 1
            || !Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var from)
            || from.Scheme is not ("http" or "https")
        )
            return false;
        // Encryption may end at a proxy before this server, but a page in clear text is none of a server that encrypts.
        if (request.IsHttps && from.Scheme == "http")
            return false;
        var host = request.Host;
        return string.Equals(host.Host, from.Host, StringComparison.OrdinalIgnoreCase)
            && (host.Port ?? DefaultPort(from.Scheme)) == from.Port;
    }

    private static int DefaultPort(string scheme) => scheme == "https" ? 443 : 80;
}
