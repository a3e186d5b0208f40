using Larder.Content;

namespace Larder.Graphs;

/// <summary>One loaded graph, as it was at one moment.</summary>
/// <param name="Key">The key of the graph.</param>
/// <param name="Leases">How many leases of it are out; zero when it is idle.</param>
/// <param name="LoadTime">How long it took to load.</param>
/// <param name="LastUsed">When its last lease was returned; the moment of asking when one is out.</param>
public sealed record GraphStatus(EntryKey Key, int Leases, TimeSpan LoadTime, DateTimeOffset LastUsed);
