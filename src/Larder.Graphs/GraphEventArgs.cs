using Larder.Content;

namespace Larder.Graphs;

/// <summary>One thing that happened to one graph.</summary>
public sealed class GraphEventArgs : EventArgs
{
    /// <summary>What happened.</summary>
    public required GraphEventKind Kind { get; init; }

    /// <summary>The key of the graph.</summary>
    public required EntryKey Key { get; init; }

    /// <summary>What the request that loaded it called it; null where that gave it no name.</summary>
    public string? Name { get; init; }

    /// <summary>What the graph takes, as far as is known.</summary>
    public required GraphSize Size { get; init; }

    /// <summary>How long it took: the load, the disposal; of an eviction, how long the graph had been loaded.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Why it was evicted; null for all else.</summary>
    public EvictionReason? Reason { get; init; }

    /// <summary>The key of the graph that it made room for; null for all else than an eviction for <see cref="EvictionReason.Room"/>.</summary>
    public EntryKey? RoomFor { get; init; }

    /// <summary>What went wrong, where something did.</summary>
    public Exception? Failure { get; init; }
}
