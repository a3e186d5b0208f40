using Microsoft.Extensions.Logging;

namespace Larder.Server.Telemetry;

internal static partial class Log
{
    [LoggerMessage(480, LogLevel.Warning, "Some metrics could not be observed")]
    public static partial void NotObserved(this ILogger logger, Exception failure);

    [LoggerMessage(
        482,
        LogLevel.Warning,
        "The instrument {Instrument} is not exported: {Metric} is another kind of metric"
    )]
    public static partial void NotExported(this ILogger logger, string instrument, string metric);

    [LoggerMessage(481, LogLevel.Information, "Telemetry goes to {Signals} by OTLP, as the variables OTEL_… say")]
    public static partial void Exporting(this ILogger logger, string signals);
}
