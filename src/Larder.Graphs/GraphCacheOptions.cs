using Larder.Graphs.Eviction;

namespace Larder.Graphs;

/// <summary>How many graphs a cache keeps, and what it does when it is full.</summary>
public sealed class GraphCacheOptions
{
    // What a timer of .NET can wait for.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>The number of graphs in memory at once, those being loaded or disposed included; 1 or more, default 32.</summary>
    public int MaxGraphs { get; set; } = 32;

    /// <summary>
    /// How long a caller waits for room, default 30 seconds; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.
    /// </summary>
    /// <remarks>
    /// More than zero: room also has to be waited for where an idle graph makes place, until it is disposed.
    /// Once a load has begun, it takes as long as it takes.
    /// </remarks>
    public TimeSpan WaitForRoom { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The name of the policy that chooses which idle graph makes place, default <c>lru</c>.</summary>
    public string Policy { get; set; } = EvictionPolicies.Lru;

    /// <summary>Lists all faults of these options, each in a sentence; none when they can be used.</summary>
    public IReadOnlyList<string> FindFaults()
    {
        List<string> faults = [];
        if (MaxGraphs < 1)
            faults.Add($"MaxGraphs is {MaxGraphs}; it must be 1 or more.");
        if (WaitForRoom != Timeout.InfiniteTimeSpan && (WaitForRoom <= TimeSpan.Zero || WaitForRoom > LongestWait))
            faults.Add(
                $"WaitForRoom is {WaitForRoom}; it must be more than zero and at most {LongestWait}, or infinite."
            );
        if (EvictionPolicies.Find(Policy) is null)
            faults.Add($"Policy is '{Policy}'; the known policies are: {string.Join(", ", EvictionPolicies.Names)}.");
        return faults;
    }
}
