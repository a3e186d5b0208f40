using System.Text.Json.Nodes;
using Larder.Server.Access;
using Larder.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Larder.Server.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>: the routes for programs, described in OpenAPI 3.1.</summary>
/// <remarks>
/// The document is written by hand and tests hold the server to it. What would generate it knows types, and the answers here are
/// written without any; and it would say neither what an answer means nor give an example that works.
/// </remarks>
internal static class OpenApiEndpoint
{
    private const string Resource = "openapi.json";

    public static void MapOpenApi(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/openapi/v1.json", (RequestDelegate)GetAsync).IsOpen();

    private static Task GetAsync(HttpContext context)
    {
        var document = Read();
        document["info"]!["version"] = ServerVersion.Text;
        // Where the routes are below a path of another application, they are described as being there.
        if (context.Request.PathBase.HasValue)
            document["servers"]![0]!["url"] = context.Request.PathBase.ToUriComponent();
        return JsonResponse.WriteAsync(context, json => document.WriteTo(json));
    }

    private static JsonNode Read()
    {
        using var resource = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream(Resource)!;
        return JsonNode.Parse(resource)!;
    }
}
