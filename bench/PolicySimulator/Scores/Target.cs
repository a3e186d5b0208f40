using Larder.Graphs.Eviction;
using PolicySimulator.Traces;

namespace PolicySimulator.Scores;

/// <summary>What the product promises of its default policy, for made traces of the default workload.</summary>
internal static class Target
{
    public const double MostOfLru = 0.65;
    public const long CapacityBytes = 48_000_000_000;
    public const int Seeds = 12;

    /// <summary>The kinds that it is promised for: a scan is what it has to endure, and beside it nothing is promised.</summary>
    public static IReadOnlyList<TraceKind> Kinds { get; } = [TraceKind.Static, TraceKind.Drift];

    public static double Actual(Contest contest) => contest.Of(EvictionPolicies.Cost).RelativeToLru;

    public static bool IsKept(Contest contest) => Actual(contest) <= MostOfLru;
}
