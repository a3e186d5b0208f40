using Larder.Server.Configuration;
using Larder.Server.Reloading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Access;

/// <summary>Puts together who may ask for what, how much, and for how long.</summary>
internal static class AccessExtensions
{
    private static readonly IReadOnlyList<string> LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<LarderConfiguration>().Server);
        services.AddSingleton(provider => new AccessTokens(provider.GetRequiredService<ServerOptions>().Tokens));
        services.AddSingleton<IReloadable, TokenReload>();
        services.AddSingleton<SessionTable>();
        services.AddSingleton<SessionEndpoint>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<GracefulStop>();
        services.AddHostedService(provider => provider.GetRequiredService<GracefulStop>());
        // What the limiter counts with; the limits are the pipeline's own, and none of the application around it.
        services.AddRateLimiter(_ => { });
        return services;
    }

    /// <summary>To be used before all that answers, and within what writes problem documents.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app)
    {
        var server = app.ApplicationServices.GetRequiredService<ServerOptions>();
        // Without tokens, a web page that has its own name point at this machine must not reach the server through a browser here.
        var hosts = server.Tokens.Count == 0 ? LoopbackNames : server.Hosts;
        if (hosts.Count > 0)
            app.UseMiddleware<HostFilteringMiddleware>(new FixedHosts(hosts));
        app.UseMiddleware<CallerMiddleware>();
        app.UseRateLimiter(RequestLimits.Of(server));
        app.UseMiddleware<AuditMiddleware>();
        app.UseMiddleware<AuthorizeMiddleware>();
        app.UseMiddleware<BodyLimitMiddleware>();
        app.UseMiddleware<DeadlineMiddleware>();
        return app;
    }

    /// <summary>Maps where people sign in; without tokens there is no such place.</summary>
    public static void MapAccess(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        if (services.GetRequiredService<AccessTokens>().AreNeeded)
            services.GetRequiredService<SessionEndpoint>().Map(endpoints);
    }

    /// <summary>Looks, before anybody can ask, whether what the configuration names can be used, and says who may ask.</summary>
    public static void WarnOfAccess(this IServiceProvider services, IEnumerable<string> addresses, ILogger logger)
    {
        services.GetRequiredService<AuditLog>();
        services.GetService<ServerCertificate>();
        var tokens = services.GetRequiredService<AccessTokens>();
        if (!tokens.AreNeeded)
        {
            logger.LoopbackOnly();
            return;
        }
        logger.TokensNeeded(tokens.Count);
        foreach (var address in addresses.Where(address => !ListenAddresses.IsLoopback(address)))
        {
            if (address.StartsWith("http:", StringComparison.OrdinalIgnoreCase))
                logger.TokensInClearText(address);
        }
    }
}
