using Larder.Server.Access;
using Larder.Server.Dashboard.Clearing;
using Larder.Server.Dashboard.Pages;
using Larder.Server.Dashboard.Traffic;
using Larder.Server.Dashboard.Views;
using Larder.Server.Dashboard.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Server.Dashboard;

/// <summary>The pages for people: their services, what they note of requests, and their routes.</summary>
internal static class DashboardExtensions
{
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.AddSingleton<TrafficHistory>();
        services.AddSingleton<TrafficSampler>();
        services.AddHostedService(provider => provider.GetRequiredService<TrafficSampler>());
        services.AddSingleton<RecentFailures>();
        services.AddSingleton<Jobs>();
        services.AddHostedService(provider => provider.GetRequiredService<Jobs>());
        services.AddSingleton<ModelActions>();
        services.AddSingleton<ClearPlanner>();
        services.AddSingleton<SnapshotSource>();
        services.AddSingleton<FormTokens>();
        services.AddSingleton<ActionForm>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<OverviewEndpoint>();
        services.AddSingleton<ActionEndpoint>();
        services.AddSingleton<SignInEndpoint>();
        return services;
    }

    /// <summary>Notes what callers are answered; stands before everything that answers.</summary>
    public static IApplicationBuilder UseFailureRecorder(this IApplicationBuilder app) =>
        app.UseMiddleware<FailureRecorder>();

    public static IEndpointRouteBuilder MapDashboard(this IEndpointRouteBuilder endpoints)
    {
        var overview = endpoints.ServiceProvider.GetRequiredService<OverviewEndpoint>();
        var actions = endpoints.ServiceProvider.GetRequiredService<ActionEndpoint>();
        endpoints.MapGet("/", (RequestDelegate)overview.GetPageAsync).Requires(Scope.Read).LeadsToSignIn();
        endpoints.MapGet("/dashboard/live", (RequestDelegate)overview.GetPartAsync).Requires(Scope.Read);
        // It only tells what would happen: the button on it is for admins.
        endpoints
            .MapGet("/dashboard/clear", (RequestDelegate)actions.GetClearAsync)
            .Requires(Scope.Read)
            .LeadsToSignIn();
        endpoints.MapPost("/dashboard/clear", (RequestDelegate)actions.PostClearAsync).Requires(Scope.Admin);
        endpoints.MapPost("/dashboard/actions", (RequestDelegate)actions.PostActionAsync).Requires(Scope.Admin);
        if (endpoints.ServiceProvider.GetRequiredService<AccessTokens>().AreNeeded)
        {
            var signIn = endpoints.ServiceProvider.GetRequiredService<SignInEndpoint>();
            endpoints.MapGet(SessionEndpoint.SignInPage, (RequestDelegate)signIn.GetAsync).IsOpen();
        }
        endpoints.MapGet(PageAssets.Route, (RequestDelegate)PageAssets.GetAsync).IsOpen();
        return endpoints;
    }
}
