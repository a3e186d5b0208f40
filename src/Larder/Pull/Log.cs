using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Pull;

internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "Pulled {Reference} as {Digest}: fetched {Files} files, {Bytes} bytes")]
    public static partial void Pulled(this ILogger logger, string reference, Digest digest, int files, long bytes);

    [LoggerMessage(202, LogLevel.Information, "Took {Files} files of {Reference} from {Directory}, where they lay")]
    public static partial void Adopted(this ILogger logger, string reference, int files, string directory);

    [LoggerMessage(
        203,
        LogLevel.Warning,
        "Took {Files} files of {Reference} from {Directory} by their sizes alone, as their origin names no checksum: {Paths}"
    )]
    public static partial void AdoptedBySize(
        this ILogger logger,
        string reference,
        int files,
        string directory,
        string paths
    );

    [LoggerMessage(201, LogLevel.Warning, "Served {Reference} as it was stored: {Reason}")]
    public static partial void ServedStale(this ILogger logger, string reference, string reason);

    [LoggerMessage(
        204,
        LogLevel.Information,
        "Took {Reference} as {Digest} from the shared store: fetched {Files} files, {Bytes} bytes"
    )]
    public static partial void TookShared(this ILogger logger, string reference, Digest digest, int files, long bytes);

    [LoggerMessage(205, LogLevel.Warning, "Did not publish {Reference} in the shared store: {Reason}")]
    public static partial void NotPublished(this ILogger logger, string reference, string reason);
}
