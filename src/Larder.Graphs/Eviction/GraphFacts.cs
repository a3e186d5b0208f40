namespace Larder.Graphs.Eviction;

/// <summary>What a policy may judge a graph by.</summary>
/// <param name="AgedUses">Uses, each counting half for every <see cref="UseCount.HalfLife"/> that has passed since.</param>
/// <param name="Uses">Uses since the cache first heard of the graph, its earlier stays in memory included.</param>
/// <param name="IdleOrder">A number that is the higher the later the graph was last returned.</param>
/// <param name="LoadTime">How long it took to load.</param>
/// <param name="FreedBytes">Bytes that its removal gives back where they are wanted; 1 where only the number of graphs is too high.</param>
internal readonly record struct GraphFacts(
    double AgedUses,
    long Uses,
    long IdleOrder,
    TimeSpan LoadTime,
    long FreedBytes
);
