using Microsoft.Extensions.Logging;

namespace Larder.Transfer;

internal static partial class Log
{
    [LoggerMessage(
        220,
        LogLevel.Warning,
        "Could not fetch what the shared store {Location} has of {Key}, and do without it: {Reason}"
    )]
    public static partial void SharedNotFetched(this ILogger logger, string key, string location, string reason);
}
