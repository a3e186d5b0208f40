using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Graphs;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "Loaded graph {Key} in {LoadTime}")]
    public static partial void Loaded(ILogger logger, EntryKey key, TimeSpan loadTime);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "Disposed graph {Key}")]
    public static partial void Disposed(ILogger logger, EntryKey key);

    [LoggerMessage(
        EventId = 3,
        Level = LogLevel.Warning,
        Message = "Graph {Key} failed in its disposal and may still hold memory"
    )]
    public static partial void DisposalFailed(ILogger logger, Exception exception, EntryKey key);

    // Debug: the waiters get the failure itself, and a cancelled load has none.
    [LoggerMessage(EventId = 4, Level = LogLevel.Debug, Message = "The load of graph {Key} ended without a graph")]
    public static partial void LoadFailed(ILogger logger, Exception exception, EntryKey key);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "Cancelling the load of graph {Key} failed")]
    public static partial void CancellationFailed(ILogger logger, Exception exception, EntryKey key);
}
