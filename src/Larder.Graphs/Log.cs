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

    [LoggerMessage(
        EventId = 6,
        Level = LogLevel.Information,
        Message = "Evicted {Graph} ({Size}, loaded for {Age}, {Uses} uses): {Reason}"
    )]
    public static partial void Evicted(
        ILogger logger,
        string graph,
        GraphSize size,
        TimeSpan age,
        long uses,
        string reason
    );

    [LoggerMessage(
        EventId = 19,
        Level = LogLevel.Information,
        Message = "Evicted {Graph} ({Size}, loaded for {Age}, {Uses} uses): its room was needed for {Other}"
    )]
    public static partial void EvictedForRoom(
        ILogger logger,
        string graph,
        GraphSize size,
        TimeSpan age,
        long uses,
        string other
    );

    [LoggerMessage(EventId = 20, Level = LogLevel.Debug, Message = "Unloaded {Graph}: {Reason}")]
    public static partial void Unloaded(ILogger logger, string graph, EvictionReason reason);

    [LoggerMessage(
        EventId = 7,
        Level = LogLevel.Error,
        Message = "The disposal of graph {Key} has not ended in {Limit} and may never; its {Size} count as lost until it does"
    )]
    public static partial void DisposalLate(ILogger logger, EntryKey key, TimeSpan limit, GraphSize size);

    [LoggerMessage(
        EventId = 8,
        Level = LogLevel.Warning,
        Message = "The load of graph {Key} has not ended in {Limit} and was cancelled; it counts until it does end"
    )]
    public static partial void LoadTooSlow(ILogger logger, EntryKey key, TimeSpan limit);

    [LoggerMessage(
        EventId = 9,
        Level = LogLevel.Warning,
        Message = "A handler of the event {Kind} of graph {Key} failed"
    )]
    public static partial void HandlerFailed(ILogger logger, Exception exception, GraphEventKind kind, EntryKey key);

    [LoggerMessage(
        EventId = 10,
        Level = LogLevel.Warning,
        Message = "Memory is short: {Load:P1} of it is in use, the limit is {High:P1}; idle graphs are being given back"
    )]
    public static partial void MemoryShort(ILogger logger, double load, double high);

    [LoggerMessage(
        EventId = 11,
        Level = LogLevel.Warning,
        Message = "The history {File} could not be read and begins anew"
    )]
    public static partial void HistoryUnreadable(ILogger logger, Exception exception, string file);

    [LoggerMessage(EventId = 12, Level = LogLevel.Warning, Message = "The history {File} could not be written")]
    public static partial void HistoryUnwritable(ILogger logger, Exception exception, string file);

    [LoggerMessage(
        EventId = 13,
        Level = LogLevel.Warning,
        Message = "ClassifyFailure failed on the failure of graph {Key}, which is taken for a transient one"
    )]
    public static partial void ClassifyFailed(ILogger logger, Exception exception, EntryKey key);

    [LoggerMessage(EventId = 14, Level = LogLevel.Debug, Message = "Warming up graph {Key}: {Outcome}")]
    public static partial void WarmedUp(ILogger logger, EntryKey key, WarmOutcome outcome);

    [LoggerMessage(EventId = 15, Level = LogLevel.Warning, Message = "Graph {Key} could not be warmed up")]
    public static partial void WarmUpFailed(ILogger logger, Exception exception, EntryKey key);

    [LoggerMessage(EventId = 16, Level = LogLevel.Warning, Message = "Warming up graphs ended early")]
    public static partial void WarmUpEnded(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 17, Level = LogLevel.Warning, Message = "A listener to the load of graph {Key} failed")]
    public static partial void ListenerFailed(ILogger logger, Exception exception, EntryKey key);

    [LoggerMessage(
        EventId = 18,
        Level = LogLevel.Warning,
        Message = "A listener to the instrument {Instrument} failed"
    )]
    public static partial void MeterFailed(ILogger logger, Exception exception, string instrument);
}
