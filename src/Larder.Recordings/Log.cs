using Microsoft.Extensions.Logging;

namespace Larder.Recordings;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Recorded {Method} in {File}")]
    public static partial void Recorded(this ILogger logger, string method, string file);

    [LoggerMessage(1002, LogLevel.Warning, "Nothing of {Method} was recorded: {Reason}")]
    public static partial void NotRecorded(this ILogger logger, string method, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "{Method} has drifted from its recording {File}: {Differences}")]
    public static partial void Drifted(this ILogger logger, string method, string file, string differences);
}
