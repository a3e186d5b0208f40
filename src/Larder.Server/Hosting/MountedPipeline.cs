using Microsoft.AspNetCore.Http;

namespace Larder.Server.Hosting;

/// <summary>The server's routes as one route of another application.</summary>
internal sealed class MountedPipeline(RequestDelegate pipeline)
{
    private const string Rest = "larder";

    /// <summary>What is written behind the path below which the routes are.</summary>
    public const string Pattern = $"/{{**{Rest}}}";

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var (outerBase, outerPath) = (request.PathBase, request.Path);
        // By what was left for the pattern: the application may have mapped it within a group, which has a path of its own.
        var rest = request.RouteValues[Rest] as string ?? "";
        var path = outerPath.Value ?? "";
        var end = path.Length - rest.Length;
        if (end > 0 && path[end - 1] == '/')
            end--;
        // The routes within are looked for anew; where one is found already, nobody looks.
        context.SetEndpoint(null);
        request.RouteValues = [];
        request.PathBase = outerBase.Add(path[..end]);
        request.Path = path[end..];
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
