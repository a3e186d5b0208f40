using Microsoft.Extensions.Logging;

namespace Larder.Server.Reloading;

internal static partial class Log
{
    [LoggerMessage(440, LogLevel.Information, "Took over the configuration '{File}' with {Changes} changed settings")]
    public static partial void ConfigurationTakenOver(this ILogger logger, string file, int changes);

    [LoggerMessage(
        441,
        LogLevel.Error,
        "The changed configuration was refused, and what was in force stays in force. {Reason}"
    )]
    public static partial void ConfigurationRefused(this ILogger logger, string reason, Exception? failure);

    [LoggerMessage(442, LogLevel.Warning, "Changed settings that need a restart of the server: {Settings}")]
    public static partial void ConfigurationNeedsRestart(this ILogger logger, string settings);

    [LoggerMessage(444, LogLevel.Warning, "{Model} is served no longer as it was, and was not unloaded: {Reason}")]
    public static partial void NotUnloaded(this ILogger logger, string model, string reason);

    [LoggerMessage(
        443,
        LogLevel.Warning,
        "The directory of '{File}' cannot be watched, so that it is looked at every {Interval} only: {Reason}"
    )]
    public static partial void NotWatched(this ILogger logger, string file, TimeSpan interval, string reason);
}
