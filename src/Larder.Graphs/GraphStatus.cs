using Larder.Content;

namespace Larder.Graphs;

/// <summary>One loaded graph, as it was at one moment.</summary>
/// <param name="Key">The key of the graph.</param>
/// <param name="Leases">How many leases of it are out.</param>
/// <param name="LoadTime">How long it took to load.</param>
/// <param name="LastUsed">When its last holder left; the moment of asking when it is leased or a part of another graph.</param>
/// <param name="Size">What it takes.</param>
/// <param name="Uses">How often it was leased, its earlier stays in memory included.</param>
public sealed record GraphStatus(
    EntryKey Key,
    int Leases,
    TimeSpan LoadTime,
    DateTimeOffset LastUsed,
    GraphSize Size,
    long Uses
);
