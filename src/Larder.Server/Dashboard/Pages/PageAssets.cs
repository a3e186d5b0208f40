using Larder.Content;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Dashboard.Pages;

/// <summary>The page's style, script and picture: small files in this assembly.</summary>
internal static class PageAssets
{
    /// <summary>Where they are served; the version in the query makes them keepable for ever.</summary>
    public const string Route = "/dashboard/assets/{name}";

    private static readonly Dictionary<string, Asset> Assets = new(StringComparer.Ordinal)
    {
        ["dashboard.css"] = Asset.Read("dashboard.css", "text/css; charset=utf-8"),
        ["dashboard.js"] = Asset.Read("dashboard.js", "text/javascript; charset=utf-8"),
        ["icon.svg"] = Asset.Read("icon.svg", "image/svg+xml"),
    };

    /// <summary>The address of one, with its version.</summary>
    public static string AddressOf(string name) => $"/dashboard/assets/{name}?v={Assets[name].Version}";

    public static async Task GetAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        if (!Assets.TryGetValue(name, out var asset))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        PageHeaders.Write(context.Response);
        context.Response.Headers.CacheControl =
            context.Request.Query["v"] == asset.Version ? "public, max-age=31536000, immutable" : "no-cache";
        context.Response.ContentType = asset.ContentType;
        context.Response.ContentLength = asset.Bytes.Length;
        await context.Response.Body.WriteAsync(asset.Bytes, context.RequestAborted);
    }

    private sealed record Asset(byte[] Bytes, string ContentType, string Version)
    {
        private const int VersionLength = 12;

        public static Asset Read(string name, string contentType)
        {
            using var resource = typeof(PageAssets).Assembly.GetManifestResourceStream($"dashboard/{name}")!;
            var bytes = new byte[resource.Length];
            resource.ReadExactly(bytes);
            return new Asset(bytes, contentType, Digest.Of(bytes).ToString()[..VersionLength]);
        }
    }
}
