using System.Globalization;
using Larder.Content;

namespace Larder.Graphs;

/// <summary>A loaded graph was not leased because others used it all the time, one of them or the caller exclusively.</summary>
public sealed class GraphBusyException : LarderException
{
    internal GraphBusyException(EntryKey key, int users, TimeSpan waited)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Graph {KeyText.Of(key)} did not become free in {waited.TotalSeconds:0.###} s: {users} leases of it are out. Return leases sooner, use the graph shared where its runtime allows, or raise WaitForTurn."
            )
        )
    {
        Key = key;
        Users = users;
        Waited = waited;
    }

    /// <summary>The key of the graph, the first of those rented together that was not free.</summary>
    public EntryKey Key { get; }

    /// <summary>How many leases of it were out when the wait ended.</summary>
    public int Users { get; }

    /// <summary>How long the caller waited.</summary>
    public TimeSpan Waited { get; }
}
