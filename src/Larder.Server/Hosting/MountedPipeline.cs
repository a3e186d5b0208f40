using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Larder.Server.Hosting;

/// <summary>The server's routes below a path of another application.</summary>
internal sealed class MountedPipeline(PathString pathBase, RequestDelegate pipeline)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var (outerBase, outerPath) = (request.PathBase, request.Path);
        outerPath.StartsWithSegments(pathBase, out var matched, out var rest);
        // The routes within are looked for anew; where one is found already, nobody looks.
        context.SetEndpoint(null);
        request.RouteValues = [];
        request.PathBase = outerBase.Add(matched);
        request.Path = rest;
        try
        {
            await pipeline(context);
        }
        finally
        {
            request.PathBase = outerBase;
            request.Path = outerPath;
        }
    }
}
