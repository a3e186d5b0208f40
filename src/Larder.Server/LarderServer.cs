using System.Net;
using Larder.Graphs;
using Larder.Onnx.Serving;
using Larder.Server.Configuration;
using Larder.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.Server;

/// <summary>The server: its services, its routes, and the addresses that it may listen on.</summary>
public static class LarderServer
{
    /// <summary>Where it listens unless told otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Builds a server, ready to be run.</summary>
    /// <param name="configuration">Its settings.</param>
    /// <param name="url">Where it listens; several are separated by ';'. Port 0 takes a free one.</param>
    /// <param name="configureLogging">Changes where logs go; null for lines on standard error.</param>
    /// <exception cref="ConfigurationException">An address is not a loopback one.</exception>
    public static WebApplication Build(
        LarderConfiguration configuration,
        string url = DefaultUrl,
        Action<ILoggingBuilder>? configureLogging = null
    )
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrEmpty(url);
        ThrowIfReachable(url);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        (configureLogging ?? LogToStandardError)(builder.Logging);
        builder.WebHost.UseUrls(url.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddLarder(configuration);
        // A web page that has its own name point at this machine must not reach the server through a browser here.
        builder.Services.AddHostFiltering(filter => filter.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);

        var app = builder.Build();
        app.UseHostFiltering();
        app.UseMiddleware<FailureMiddleware>();
        app.MapLarder();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(LarderServer));
        foreach (var warning in configuration.Warnings)
            logger.ConfigurationWarning(warning);
        logger.LoopbackOnly();
        return app;
    }

    /// <summary>Adds the caches and what the routes need.</summary>
    public static IServiceCollection AddLarder(this IServiceCollection services, LarderConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSingleton(TimeProvider.System);
        // Made by the container, so that it disposes them: in the opposite order, graphs before the files that they use.
        services.AddSingleton(provider => new ModelCache(
            configuration.Store,
            timeProvider: provider.GetRequiredService<TimeProvider>(),
            loggerFactory: provider.GetRequiredService<ILoggerFactory>()
        ));
        services.AddSingleton(provider =>
        {
            _ = provider.GetRequiredService<ModelCache>();
            return new GraphCache(
                configuration.Graphs,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<GraphCache>>()
            );
        });
        services.AddSingleton<OnnxModels>();
        services.AddSingleton(new ModelCatalog(configuration.Models));
        services.AddSingleton<PredictEndpoint>();
        services.AddSingleton<ModelsEndpoint>();
        services.AddSingleton<CacheEndpoint>();
        services.AddSingleton<WarmUp>();
        services.AddHostedService(provider => provider.GetRequiredService<WarmUp>());
        return services;
    }

    /// <summary>Maps the routes.</summary>
    public static IEndpointRouteBuilder MapLarder(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var predict = services.GetRequiredService<PredictEndpoint>();
        var models = services.GetRequiredService<ModelsEndpoint>();
        var cache = services.GetRequiredService<CacheEndpoint>();
        var warmUp = services.GetRequiredService<WarmUp>();

        endpoints.MapPost("/api/models/{id}/predict", (RequestDelegate)predict.HandleAsync);
        endpoints.MapGet("/api/models", (RequestDelegate)models.ListAsync);
        endpoints.MapGet("/api/models/{id}", (RequestDelegate)models.GetAsync);
        endpoints.MapGet("/api/models/cache/stats", (RequestDelegate)cache.GetStatsAsync);
        endpoints.MapDelete("/api/models/cache", (RequestDelegate)cache.DeleteAsync);
        endpoints.MapGet("/health/live", (RequestDelegate)(context => WriteHealthAsync(context, isHealthy: true)));
        endpoints.MapGet(
            "/health/ready",
            (RequestDelegate)(context => WriteHealthAsync(context, warmUp.IsDone))
        );
        return endpoints;
    }

    private static Task WriteHealthAsync(HttpContext context, bool isHealthy)
    {
        context.Response.StatusCode = isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("status", isHealthy ? "ok" : "warming");
                json.WriteEndObject();
            }
        );
    }

    private static void LogToStandardError(ILoggingBuilder logging) =>
        logging
            // Four lines for each request would take longer than the prediction itself.
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddSimpleConsole(console => console.SingleLine = true)
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
                console.LogToStandardErrorThreshold = LogLevel.Trace
            );

    private static void ThrowIfReachable(string url)
    {
        var faults = url.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(address => !IsLoopback(address))
            .Select(address =>
                $"--urls {address} is not a loopback address. Without access tokens the server answers this machine only: use http://127.0.0.1:PORT, http://localhost:PORT or http://[::1]:PORT."
            )
            .ToList();
        if (faults.Count > 0)
            throw new ConfigurationException("the command line", faults);
    }

    private static bool IsLoopback(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));
}
