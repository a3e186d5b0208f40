using Larder.Server.Access;
using Larder.Server.Dashboard;
using Larder.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Larder.Server.Hosting;

/// <summary>The routes with the checks before them: one delegate, so that no host can have the ones without the others.</summary>
internal static class LarderPipeline
{
    /// <summary>Puts them together; what is asked of it is answered, and nothing is passed on.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="mapMore">Maps further routes behind the same checks; null for none.</param>
    public static RequestDelegate Build(IServiceProvider services, Action<IEndpointRouteBuilder>? mapMore = null)
    {
        // Not a branch of the host's own builder: a branch of a web application would hang its routes in with those of the
        // application, where they are found without the checks.
        var app = new ApplicationBuilder(services);
        app.UseFailureRecorder();
        app.UseMiddleware<FailureMiddleware>();
        app.UseRouting();
        app.UseAccess();
        app.UseEndpoints(endpoints =>
        {
            endpoints.MapRoutes();
            mapMore?.Invoke(endpoints);
        });
        // The framework's own end would log every such request.
        app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        return app.Build();
    }
}
