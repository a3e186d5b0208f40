using Microsoft.Extensions.Logging;

namespace Larder.Store;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Opened the store {Root}")]
    public static partial void Opened(this ILogger logger, string root);

    [LoggerMessage(101, LogLevel.Warning, "Swept what {Count} writers that died had left in the store {Root}")]
    public static partial void Swept(this ILogger logger, int count, string root);

    [LoggerMessage(
        102,
        LogLevel.Warning,
        "File locks do nothing in the store {Root}: work may be done twice, nothing is swept, and limits are kept as well as can be"
    )]
    public static partial void LocksLie(this ILogger logger, string root);

    [LoggerMessage(103, LogLevel.Warning, "Took the entry {Path} for a miss: {Reason}")]
    public static partial void EntryIgnored(this ILogger logger, string path, string reason);

    [LoggerMessage(104, LogLevel.Warning, "Moved the damaged file {Path} to {Quarantine}")]
    public static partial void Quarantined(this ILogger logger, string path, string quarantine);

    [LoggerMessage(105, LogLevel.Warning, "Found the snapshot {Path} incomplete or touched")]
    public static partial void SnapshotDamaged(this ILogger logger, string path);

    [LoggerMessage(106, LogLevel.Warning, "Could not write to the usage log in {Path}: {Reason}")]
    public static partial void UsageNotWritten(this ILogger logger, string path, string reason);

    [LoggerMessage(107, LogLevel.Information, "Evicted {Entries} entries, {Bytes} bytes, from the store {Root}")]
    public static partial void Evicted(this ILogger logger, int entries, long bytes, string root);

    [LoggerMessage(108, LogLevel.Warning, "Could not count a change of the store {Root}: {Reason}")]
    public static partial void NotCounted(this ILogger logger, string root, string reason);

    [LoggerMessage(109, LogLevel.Warning, "Could not copy {Blob} from the lower store, it is fetched: {Reason}")]
    public static partial void NotCopied(this ILogger logger, string blob, string reason);

    [LoggerMessage(110, LogLevel.Debug, "Opened the lower store {Root}, to read only")]
    public static partial void OpenedReadOnly(this ILogger logger, string root);

    [LoggerMessage(120, LogLevel.Warning, "The scrub found: {Finding} Needed by: {References}")]
    public static partial void ScrubFound(this ILogger logger, string finding, string references);

    [LoggerMessage(121, LogLevel.Warning, "The scrub of {Path} could not go on and will be tried again: {Reason}")]
    public static partial void ScrubFailed(this ILogger logger, string path, string reason);
}
