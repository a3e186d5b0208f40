using Microsoft.AspNetCore.Http;

namespace Larder.Server.Access;

/// <summary>What every answer says to browsers and to caches on the way.</summary>
internal static class StandardHeaders
{
    /// <summary>Sets them; a route that knows better sets its own.</summary>
    public static void SetOn(HttpResponse response)
    {
        var headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        // What one caller may see is not for the next one.
        headers.CacheControl = "no-store";
    }
}
