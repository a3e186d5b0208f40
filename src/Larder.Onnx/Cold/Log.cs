using Microsoft.Extensions.Logging;

namespace Larder.Onnx.Cold;

internal static partial class Log
{
    [LoggerMessage(
        300,
        LogLevel.Information,
        "Kept an optimised copy of {Model}: {Bytes} bytes, of a load of {LoadTime}"
    )]
    public static partial void Kept(this ILogger logger, string model, long bytes, TimeSpan loadTime);

    [LoggerMessage(
        301,
        LogLevel.Warning,
        "Could not keep an optimised copy of {Model}, which is loaded all the same: {Reason}"
    )]
    public static partial void NotKept(this ILogger logger, string model, string reason);

    [LoggerMessage(
        302,
        LogLevel.Warning,
        "Could not look for an optimised copy of {Model}, it is loaded as it is: {Reason}"
    )]
    public static partial void NotFound(this ILogger logger, string model, string reason);

    [LoggerMessage(303, LogLevel.Warning, "Removed the optimised copy of {Model}, which does not load: {Reason}")]
    public static partial void Removed(this ILogger logger, string model, string reason);

    [LoggerMessage(
        304,
        LogLevel.Warning,
        "Could not remove the optimised copy of {Model}, which does not load: {Reason}"
    )]
    public static partial void NotRemoved(this ILogger logger, string model, string reason);
}
