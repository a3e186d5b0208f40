using Larder.Server.Access;
using Larder.Server.Configuration;
using Larder.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Larder.Server.Telemetry;

/// <summary>What the server tells of itself: metrics, traces and logs.</summary>
internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services) =>
        services.AddSingleton<BuildGauge>().AddSingleton<MetricCollector>().AddSingleton<MetricsEndpoint>();

    /// <summary>Maps <c>/metrics</c>; what happens from then on is counted.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        _ = endpoints.ServiceProvider.GetRequiredService<BuildGauge>();
        var metrics = endpoints.ServiceProvider.GetRequiredService<MetricsEndpoint>();
        PullMeter.Announce();
        StoreMeter.Announce();
        endpoints.MapGet("/metrics", (RequestDelegate)metrics.GetAsync).Requires(Scope.Read);
    }

    /// <summary>Writes the log to standard error, in the format that is asked for.</summary>
    public static ILoggingBuilder AddStandardError(this ILoggingBuilder logging, LogFormat format)
    {
        if (format is LogFormat.Json)
            logging
                .AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>()
                .AddConsole(console => console.FormatterName = JsonLogFormatter.FormatterName);
        else
            logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace
        );
        return logging;
    }
}
