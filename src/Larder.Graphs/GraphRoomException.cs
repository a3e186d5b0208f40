using System.Globalization;
using Larder.Content;

namespace Larder.Graphs;

/// <summary>A graph was not loaded because no other made room for it in time.</summary>
public sealed class GraphRoomException : LarderException
{
    internal GraphRoomException(EntryKey key, int limit, int leased, TimeSpan waited)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"No room for graph {key} in {waited.TotalSeconds:0.###} s: of at most {limit} graphs, {leased} are leased and {limit - leased} are being loaded or disposed. Return leases sooner, or raise MaxGraphs or WaitForRoom."
            )
        )
    {
        Key = key;
        Limit = limit;
        Leased = leased;
        Waited = waited;
    }

    /// <summary>The key of the graph that was not loaded.</summary>
    public EntryKey Key { get; }

    /// <summary>How many graphs the cache holds at most.</summary>
    public int Limit { get; }

    /// <summary>How many graphs were leased when the wait ended.</summary>
    public int Leased { get; }

    /// <summary>How long the caller waited.</summary>
    public TimeSpan Waited { get; }
}
