using System.Globalization;
using Larder.Content;

namespace Larder.Graphs;

/// <summary>A graph was not loaded because no others made room for it in time.</summary>
/// <remarks>It may be loaded later; what never fits is a <see cref="GraphTooLargeException"/>.</remarks>
public sealed class GraphRoomException : LarderException
{
    internal GraphRoomException(EntryKey key, string obstacle, int leased, TimeSpan waited)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"No room for graph {KeyText.Of(key)} in {waited.TotalSeconds:0.###} s: {obstacle}; in use are {leased}. {Remedy(leased)}, or raise that limit or WaitForRoom."
            )
        )
    {
        Key = key;
        Leased = leased;
        Waited = waited;
    }

    /// <summary>The key of the graph that was not loaded, the first of those that were wanted at once.</summary>
    public EntryKey Key { get; }

    /// <summary>How many loaded graphs were in use when the wait ended.</summary>
    public int Leased { get; }

    /// <summary>How long the caller waited.</summary>
    public TimeSpan Waited { get; }

    private static string Remedy(int leased) =>
        leased > 0 ? "Return leases sooner" : "Look in the log for loads and disposals that do not end";
}
