namespace Larder.Graphs;

/// <summary>When memory is short, and how quickly graphs are given back then.</summary>
/// <remarks>
/// The load is the higher of what the garbage collector saw of the process's memory at its last collection and what the container's
/// cgroup has of its limit. At <see cref="High"/> idle graphs go, step by step, until it is below <see cref="Low"/>: at most 5 % of the
/// bytes in use, or one graph, a step. The gap between the two keeps one graph from coming and going for ever.
/// </remarks>
public sealed record MemoryPressureOptions
{
    /// <summary>The part of memory in use at which graphs begin to go; above <see cref="Low"/> and at most 1, default 0.95.</summary>
    public double High { get; init; } = 0.95;

    /// <summary>The part at which they stop going; more than 0, default 0.90.</summary>
    public double Low { get; init; } = 0.90;

    /// <summary>The time from one look, and one step, to the next; more than zero, default 1 second.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    internal void FindFaults(List<string> faults)
    {
        // Written so that what is not a number is a fault too.
        if (!(Low > 0 && Low < High && High <= 1))
            faults.Add(
                $"MemoryPressure is from {Low} to {High}; Low must be more than 0, and High more than that and at most 1."
            );
        if (Interval <= TimeSpan.Zero || Interval > TimeSpan.FromDays(1))
            faults.Add($"The Interval of MemoryPressure is {Interval}; it must be more than zero and at most a day.");
    }
}
