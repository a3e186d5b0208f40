using Microsoft.Extensions.Logging;

namespace Larder.Server.Dashboard;

internal static partial class DashboardLog
{
    [LoggerMessage(470, LogLevel.Warning, "Could not count hits and misses for the dashboard: {Reason}")]
    public static partial void NotSampled(this ILogger logger, string reason);

    [LoggerMessage(471, LogLevel.Information, "'{Verb}' of {Target}, asked for on the dashboard, has ended: {Message}")]
    public static partial void JobDone(this ILogger logger, string verb, string target, string message);

    [LoggerMessage(472, LogLevel.Warning, "'{Verb}' of {Target}, asked for on the dashboard, failed: {Reason}")]
    public static partial void JobFailed(this ILogger logger, string verb, string target, string reason);

    [LoggerMessage(473, LogLevel.Error, "'{Verb}' of {Target}, asked for on the dashboard, failed unexpectedly")]
    public static partial void JobBroke(this ILogger logger, string verb, string target, Exception failure);
}
