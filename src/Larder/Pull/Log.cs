using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Pull;

internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "Pulled {Reference} as {Digest}: fetched {Files} files, {Bytes} bytes")]
    public static partial void Pulled(this ILogger logger, string reference, Digest digest, int files, long bytes);

    [LoggerMessage(201, LogLevel.Warning, "Served {Reference} as it was stored: {Reason}")]
    public static partial void ServedStale(this ILogger logger, string reference, string reason);
}
