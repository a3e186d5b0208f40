using Larder.Server.Access;
using Larder.Server.Configuration;
using Larder.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Larder.Server.Hosting;

/// <summary>Larder as a part of an application: its caches as services, and its routes below a path.</summary>
public static class LarderHosting
{
    /// <summary>
    /// Adds the caches with what looks after them, their health checks, and their meter and source of activities to OpenTelemetry where
    /// the application uses it.
    /// </summary>
    /// <remarks>
    /// Settings are those of the section <c>Larder</c> of the application's configuration, else of <c>larder.json</c> as for the
    /// command; variables <c>LARDER__SECTION__NAME</c> win over both, and <c>ConnectionStrings:larder</c> names the team's store where
    /// <c>shared.url</c> does not. Faults are a <see cref="ConfigurationException"/> with all of them when the host starts. A clock, a
    /// cache or an origin that is among the services is used in place of, or before, those of the configuration.
    /// </remarks>
    /// <param name="builder">The application, with or without ASP.NET.</param>
    /// <param name="configure">Changes the settings that were read; null to take them as they are.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="InvalidOperationException">They have been added already.</exception>
    public static IHostApplicationBuilder AddLarder(
        this IHostApplicationBuilder builder,
        Func<LarderConfiguration, LarderConfiguration>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        // Read when the host starts: until then an application, or its tests, may add to its configuration.
        services.AddLarder(provider => HostedConfiguration.Read(provider, configure));
        services.AddHealthChecks().AddLarder();
        // Only names: without OpenTelemetry in the application nobody asks for them.
        services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(LarderTelemetry.MeterName));
        services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddSource(LarderTelemetry.ActivitySourceName));
        return builder;
    }

    /// <summary>Maps the server's routes and its dashboard, with all checks of who may ask, how much and for how long.</summary>
    /// <remarks>
    /// They answer in their own way, with problem documents, also where there is no such route. Callers need one of
    /// <c>server.tokens</c>; without tokens only those are answered that come from the loopback addresses of this machine. What the
    /// application asks of callers besides, such as <c>RequireAuthorization</c>, is asked first.
    /// </remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="pathBase">The path below which they are, such as <c>/larder</c>; <c>/</c> for all that the application does not map itself.</param>
    /// <exception cref="InvalidOperationException">Larder has not been added to the services.</exception>
    /// <exception cref="ConfigurationException">The configuration has faults, or its audit log cannot be written.</exception>
    public static IEndpointConventionBuilder MapLarder(this IEndpointRouteBuilder endpoints, string pathBase = "/")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pathBase);
        var services = endpoints.ServiceProvider;
        if (services.GetService<LarderConfiguration>() is null)
            throw new InvalidOperationException(
                "MapLarder finds no caches among the services; call builder.AddLarder() before the application is built."
            );
        var pipeline = new MountedPipeline(LarderPipeline.Build(services));
        WarnWhenStarted(services);
        return endpoints
            .Map(pathBase.TrimEnd('/') + MountedPipeline.Pattern, pipeline.InvokeAsync)
            .WithDisplayName("Larder");
    }

    // Where the application listens is known no sooner.
    private static void WarnWhenStarted(IServiceProvider services)
    {
        services.GetRequiredService<AuditLog>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(LarderServer));
        services
            .GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStarted.Register(() =>
                services.WarnOfAccess(
                    services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [],
                    logger
                )
            );
    }
}
