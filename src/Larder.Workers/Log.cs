using Microsoft.Extensions.Logging;

namespace Larder.Workers;

internal static partial class Log
{
    [LoggerMessage(520, LogLevel.Information, "A worker of {Model} is ready: process {Process}, after {Time}")]
    public static partial void Ready(this ILogger logger, string model, int process, TimeSpan time);

    [LoggerMessage(521, LogLevel.Warning, "A worker of {Model} was lost: {Reason}")]
    public static partial void Lost(this ILogger logger, string model, string reason);

    [LoggerMessage(522, LogLevel.Information, "{Model} printed: {Line}")]
    public static partial void Printed(this ILogger logger, string model, string line);

    [LoggerMessage(523, LogLevel.Information, "{Model} printed {Lines} more lines, which are left out here")]
    public static partial void LinesLeftOut(this ILogger logger, string model, string lines);

    [LoggerMessage(524, LogLevel.Warning, "The directory {Path} of a worker that has ended was left behind: {Reason}")]
    public static partial void LeftDirectory(this ILogger logger, string path, string reason);

    [LoggerMessage(
        525,
        LogLevel.Information,
        "A worker of {Model} was gone before it had the request, which goes to another"
    )]
    public static partial void AskedAnother(this ILogger logger, string model);

    [LoggerMessage(526, LogLevel.Error, "A worker of {Model} could not be ended as it should: {Reason}")]
    public static partial void EndFailed(this ILogger logger, string model, string reason);
}
