using Larder.Graphs.Eviction;
using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>All who take part.</summary>
internal static class Contenders
{
    /// <summary>The policies of the product, and what they are compared with.</summary>
    public static IReadOnlyList<Contender> Policies { get; } =
    [
        .. EvictionPolicies.All.Select(policy => OfLarder(policy.Name, policy, clockSpeed: 1)),
        new("gdsf", trace => new Gdsf(trace.Models)),
        new("sieve", _ => new Sieve()),
        new("fifo", _ => new Fifo()),
        new("clairvoyant", trace => new Clairvoyant(trace)),
    ];

    /// <summary>The product's own policy, were its half-life another.</summary>
    public static IReadOnlyList<Contender> HalfLives { get; } =
    [
        OfLarder("cost, half-life 15 min", new CostPolicy(), clockSpeed: 4),
        OfLarder("cost, half-life 4 h", new CostPolicy(), clockSpeed: 0.25),
    ];

    public static IReadOnlyList<Contender> All { get; } = [.. Policies, .. HalfLives];

    private static Contender OfLarder(string name, IEvictionPolicy policy, double clockSpeed) =>
        new(name, trace => new LarderReplacement(trace.Models, policy, clockSpeed));
}
