using Larder.Server.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Server.Inference;

/// <summary>The routes of the Open Inference Protocol.</summary>
internal static class InferenceRoutes
{
    /// <summary>Where they all begin.</summary>
    public const string Prefix = "/v2";

    public static void MapInference(this IEndpointRouteBuilder endpoints)
    {
        var inference = endpoints.ServiceProvider.GetRequiredService<InferenceEndpoint>();
        endpoints.MapGet(Prefix, (RequestDelegate)InferenceEndpoint.GetServerAsync).IsOpen();
        endpoints
            .MapGet($"{Prefix}/health/live", (RequestDelegate)InferenceEndpoint.GetLiveAsync)
            .IsOpen()
            .DisableRateLimiting();
        endpoints
            .MapGet($"{Prefix}/health/ready", (RequestDelegate)inference.GetReadyAsync)
            .IsOpen()
            .DisableRateLimiting();
        // The protocol lets a client choose a version, and leaves it to the server when he does not.
        foreach (var model in new[] { $"{Prefix}/models/{{id}}", $"{Prefix}/models/{{id}}/versions/{{version}}" })
        {
            // Who may ask for predictions must be able to ask what to send.
            endpoints.MapGet(model, (RequestDelegate)inference.GetModelAsync).Requires(Scope.Predict);
            endpoints.MapGet($"{model}/ready", (RequestDelegate)inference.GetModelReadyAsync).Requires(Scope.Predict);
            endpoints.MapPost($"{model}/infer", (RequestDelegate)inference.InferAsync).Requires(Scope.Predict);
        }
    }
}
