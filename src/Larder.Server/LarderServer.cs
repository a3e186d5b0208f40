using Larder.Server.Access;
using Larder.Server.Configuration;
using Larder.Server.Dashboard;
using Larder.Server.Hosting;
using Larder.Server.Http;
using Larder.Server.Inference;
using Larder.Server.Models;
using Larder.Server.OpenApi;
using Larder.Server.Runtimes;
using Larder.Server.Telemetry;
using Larder.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Server;

/// <summary>The server: its services, its routes, and the addresses that it may listen on.</summary>
public static class LarderServer
{
    /// <summary>Where it listens unless told otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Builds a server, ready to be run.</summary>
    /// <param name="configuration">Its settings.</param>
    /// <param name="urls">
    /// Where it listens; several are separated by ';'. Port 0 takes a free one. Null: where the configuration says, else at
    /// <see cref="DefaultUrl"/>.
    /// </param>
    /// <param name="configureLogging">Changes the logging, which is lines on standard error.</param>
    /// <exception cref="ConfigurationException">
    /// It may not listen at an address: without tokens at any but loopback ones. Or the certificate or the audit log cannot be used.
    /// </exception>
    public static WebApplication Build(
        LarderConfiguration configuration,
        string? urls = null,
        Action<ILoggingBuilder>? configureLogging = null
    ) => Build(configuration, urls, configureLogging, mapMore: null);

    /// <summary>The same with further routes behind the server's checks.</summary>
    internal static WebApplication Build(
        LarderConfiguration configuration,
        string? urls,
        Action<ILoggingBuilder>? configureLogging,
        Action<IEndpointRouteBuilder>? mapMore
    )
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var server = configuration.Server;
        var addresses = ListenAddresses.Parse(
            urls ?? server.Urls ?? DefaultUrl,
            urls is null ? "server.urls" : "--urls",
            configuration
        );

        // Empty: the usual builders also obey appsettings.json and the variables of ASP.NET in whatever directory and shell
        // they are started, and those can open addresses that nobody has checked here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        LogToStandardError(builder.Logging, configuration.Logs);
        OtlpExport.AddTo(builder);
        configureLogging?.Invoke(builder.Logging);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls(addresses);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            RequestLimits.Apply(kestrel.Limits);
            if (kestrel.ApplicationServices.GetService<ServerCertificate>() is { } certificate)
                kestrel.ConfigureHttpsDefaults(certificate.UseFor);
        });
        if (server.Certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.Services.AddSingleton<ServerCertificate>();
        }
        builder.Services.AddLarder(configuration);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = server.StopDelay + server.StopTimeout);

        var app = builder.Build();
        app.Run(LarderPipeline.Build(app.Services, mapMore));
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(LarderServer));
        foreach (var warning in configuration.Warnings)
            logger.ConfigurationWarning(warning);
        app.Services.WarnOfAccess(addresses, logger);
        return app;
    }

    /// <summary>Adds the caches and what the routes need.</summary>
    /// <remarks>A clock or a cache that is among the services already is used in place of ours.</remarks>
    /// <exception cref="InvalidOperationException">They have been added already.</exception>
    public static IServiceCollection AddLarder(this IServiceCollection services, LarderConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddLarder(_ => configuration);
    }

    /// <summary>The same with a configuration that is read when the host starts.</summary>
    internal static IServiceCollection AddLarder(
        this IServiceCollection services,
        Func<IServiceProvider, LarderConfiguration> read
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        // Twice, each model would be warmed, followed and swept by two.
        if (services.Any(service => service.ServiceType == typeof(LarderConfiguration)))
            throw new InvalidOperationException("Larder has been added to these services already; add it once.");
        services.AddSingleton(read);
        services.TryAddSingleton(TimeProvider.System);
        services.AddAccess();
        services.AddCaches();
        services.AddSingleton<IModelRuntime, OnnxRuntime>();
        services.AddSingleton<WorkerModels>();
        services.AddSingleton<IModelRuntime, ProcessRuntime>();
        services.AddSingleton<ModelRuntimes>();
        services.AddSingleton<PredictEndpoint>();
        services.AddSingleton<CacheEndpoint>();
        services.AddSingleton<InferenceEndpoint>();
        services.AddHostedService<StoreMaintenance>();
        services.AddServedModels();
        services.AddSingleton(provider => provider.GetRequiredService<LarderConfiguration>().Scrub);
        services.AddHostedService<ScrubService>();
        services.AddDashboard();
        services.AddTelemetry();
        return services;
    }

    /// <summary>Maps the routes; the checks before them are those of <see cref="LarderPipeline"/>.</summary>
    internal static void MapRoutes(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var predict = services.GetRequiredService<PredictEndpoint>();
        var models = services.GetRequiredService<ModelsEndpoint>();
        var cache = services.GetRequiredService<CacheEndpoint>();
        var warmUp = services.GetRequiredService<WarmUp>();
        var stop = services.GetRequiredService<GracefulStop>();

        endpoints.MapPost("/api/models/{id}/predict", (RequestDelegate)predict.HandleAsync).Requires(Scope.Predict);
        endpoints.MapGet("/api/models", (RequestDelegate)models.ListAsync).Requires(Scope.Read);
        endpoints.MapGet("/api/models/{id}", (RequestDelegate)models.GetAsync).Requires(Scope.Read);
        endpoints.MapModelAdmin();
        endpoints.MapGet("/api/models/cache/stats", (RequestDelegate)cache.GetStatsAsync).Requires(Scope.Read);
        endpoints.MapDelete("/api/models/cache", (RequestDelegate)cache.DeleteAsync).Requires(Scope.Admin);
        endpoints
            .MapGet("/health/live", (RequestDelegate)(context => WriteHealthAsync(context, "ok")))
            .IsOpen()
            .DisableRateLimiting();
        endpoints
            .MapGet(
                "/health/ready",
                (RequestDelegate)(
                    context =>
                        WriteHealthAsync(
                            context,
                            stop.IsStopping ? "stopping"
                                : warmUp.IsDone ? "ok"
                                : "warming"
                        )
                )
            )
            .IsOpen()
            .DisableRateLimiting();
        endpoints.MapAccess();
        endpoints.MapInference();
        endpoints.MapDashboard();
        endpoints.MapMetrics();
        endpoints.MapOpenApi();
    }

    private static Task WriteHealthAsync(HttpContext context, string status)
    {
        context.Response.StatusCode =
            status == "ok" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("status", status);
                json.WriteEndObject();
            }
        );
    }

    private static void LogToStandardError(ILoggingBuilder logging, LogFormat format) =>
        logging
            // The framework says several lines for every request; a prediction takes less time than they do.
            .AddFilter("Microsoft", LogLevel.Warning)
            // Who starts the server tells why it did not start, and without a trace.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical)
            .AddStandardError(format);
}
