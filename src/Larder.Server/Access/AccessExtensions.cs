using Larder.Server.Configuration;
using Larder.Server.Reloading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Access;

/// <summary>Puts together who may ask for what, how much, and for how long.</summary>
internal static class AccessExtensions
{
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    public static IServiceCollection AddAccess(this IServiceCollection services, LarderConfiguration configuration)
    {
        var server = configuration.Server;
        services.AddSingleton(configuration);
        services.AddSingleton(server);
        services.AddSingleton(new AccessTokens(server.Tokens));
        services.AddSingleton<IReloadable, TokenReload>();
        services.AddSingleton<SessionTable>();
        services.AddSingleton<SessionEndpoint>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<GracefulStop>();
        services.AddHostedService(provider => provider.GetRequiredService<GracefulStop>());
        services.Configure<HostOptions>(host => host.ShutdownTimeout = server.StopDelay + server.StopTimeout);
        services.AddRateLimiter(limiter => RequestLimits.Apply(limiter, server));
        // Without tokens, a web page that has its own name point at this machine must not reach the server through a browser here.
        services.AddHostFiltering(filter =>
        {
            filter.AllowedHosts = server.Tokens.Count == 0 ? LoopbackNames : [.. server.Hosts];
            filter.IncludeFailureMessage = false; // The middleware outside it writes a problem document.
        });
        if (server.Certificate is not null)
            services.AddSingleton<ServerCertificate>();
        return services;
    }

    /// <summary>To be used before all that answers, and within what writes problem documents.</summary>
    public static WebApplication UseAccess(this WebApplication app)
    {
        var server = app.Services.GetRequiredService<ServerOptions>();
        if (server.Tokens.Count == 0 || server.Hosts.Count > 0)
            app.UseHostFiltering();
        app.UseMiddleware<CallerMiddleware>();
        app.UseRateLimiter();
        app.UseMiddleware<AuditMiddleware>();
        app.UseMiddleware<AuthorizeMiddleware>();
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
