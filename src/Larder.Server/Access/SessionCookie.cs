using Microsoft.AspNetCore.Http;

namespace Larder.Server.Access;

/// <summary>The cookie with the id of a session.</summary>
internal static class SessionCookie
{
    private const string Name = "larder-session";

    // Browsers take a cookie of this prefix from this very host only, and only encrypted.
    private const string SecureName = "__Host-larder-session";

    /// <summary>The id of the session that a request is part of; null when it is part of none.</summary>
    public static string? Read(HttpRequest request) =>
        request.Cookies[NameFor(request)] is { Length: > 0 and <= 128 } id ? id : null;

    public static void Write(HttpContext context, string id) =>
        context.Response.Cookies.Append(NameFor(context.Request), id, Options(context.Request, SessionTable.Lifetime));

    public static void Remove(HttpContext context) =>
        context.Response.Cookies.Delete(NameFor(context.Request), Options(context.Request, lifetime: null));

    private static string NameFor(HttpRequest request) => request.IsHttps ? SecureName : Name;

    private static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = request.IsHttps,
            Path = "/",
            MaxAge = lifetime,
            IsEssential = true,
        };
}
