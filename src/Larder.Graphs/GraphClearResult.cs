using Larder.Content;

namespace Larder.Graphs;

/// <summary>What clearing a cache removed and what it left.</summary>
/// <param name="Removed">The number of graphs removed; their disposal has ended.</param>
/// <param name="KeptInUse">The keys of the graphs that were leased or being loaded, and stay.</param>
public sealed record GraphClearResult(int Removed, IReadOnlyList<EntryKey> KeptInUse);
