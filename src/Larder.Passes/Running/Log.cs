using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Passes.Running;

internal static partial class Log
{
    [LoggerMessage(900, LogLevel.Information, "Ran {Step} in {Seconds:f1} s: {Manifest}")]
    public static partial void Ran(this ILogger logger, string step, double seconds, Digest manifest);

    [LoggerMessage(901, LogLevel.Warning, "{Warning}")]
    public static partial void RunWarned(this ILogger logger, string warning);

    [LoggerMessage(902, LogLevel.Warning, "A failure could not be remembered, or forgotten: {Reason}")]
    public static partial void FailureNotNoted(this ILogger logger, string reason);
}
