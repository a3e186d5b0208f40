using Larder.Server.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Server.Http;

/// <summary>Maps what an administrator does with one model.</summary>
internal static class ModelAdminRoutes
{
    public static void MapModelAdmin(this IEndpointRouteBuilder endpoints)
    {
        var models = endpoints.ServiceProvider.GetRequiredService<ModelAdminEndpoint>();
        Map("warm", models.WarmAsync);
        Map("refresh", models.RefreshAsync);
        Map("pin", models.PinAsync);
        Map("unpin", models.UnpinAsync);

        void Map(string verb, RequestDelegate handle) =>
            endpoints.MapPost($"/api/models/{{id}}/{verb}", handle).Requires(Scope.Admin);
    }
}
