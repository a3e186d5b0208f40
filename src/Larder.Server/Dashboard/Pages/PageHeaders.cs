using Microsoft.AspNetCore.Http;

namespace Larder.Server.Dashboard.Pages;

/// <summary>What browsers are told of every page: that it needs nothing from elsewhere, and nobody may put it into another.</summary>
internal static class PageHeaders
{
    // Should a name ever be read as markup: nothing of it is run, and nothing is loaded.
    private const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void Write(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        // Not 'no-referrer': then browsers would not say either from which page a form comes.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
