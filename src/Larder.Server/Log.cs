using Microsoft.Extensions.Logging;

namespace Larder.Server;

internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Error, "{Method} {Path} was answered {Status}")]
    public static partial void RequestFailed(
        this ILogger logger,
        string method,
        string path,
        int status,
        Exception failure
    );

    [LoggerMessage(401, LogLevel.Information, "Warmed {Model}")]
    public static partial void Warmed(this ILogger logger, string model);

    [LoggerMessage(402, LogLevel.Warning, "Could not warm {Model}; it is tried again when it is asked for: {Reason}")]
    public static partial void NotWarmed(this ILogger logger, string model, string reason);

    [LoggerMessage(406, LogLevel.Error, "Warming up ended early; models are loaded when they are asked for")]
    public static partial void WarmUpEnded(this ILogger logger, Exception failure);

    [LoggerMessage(403, LogLevel.Warning, "In the configuration {Warning}")]
    public static partial void ConfigurationWarning(this ILogger logger, string warning);

    [LoggerMessage(404, LogLevel.Information, "No access tokens: this server answers on loopback addresses only")]
    public static partial void LoopbackOnly(this ILogger logger);

    [LoggerMessage(405, LogLevel.Warning, "Could not sweep the store: {Reason}")]
    public static partial void NotSwept(this ILogger logger, string reason);
}
