using Larder.Graphs.Eviction;
using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>All who take part.</summary>
internal static class Contenders
{
    /// <summary>The policies of the product, and what they are compared with.</summary>
    public static IReadOnlyList<Contender> Policies { get; } =
    [
        new("clairvoyant", trace => new Clairvoyant(trace)),
        .. EvictionPolicies.All.Select(policy => new Contender(policy.Name, Play(policy))),
        new("gdsf", trace => new Gdsf(trace.Models)),
        new("sieve", _ => new Sieve()),
        new("fifo", _ => new Fifo()),
    ];

    /// <summary>The product's policies, were one thing about them another.</summary>
    public static IReadOnlyList<Contender> Variants { get; } =
    [
        new("cost, half-life 1 h", Play(new CostPolicy(), clockSpeed: 4)),
        new("cost, half-life 16 h", Play(new CostPolicy(), clockSpeed: 0.25)),
        new("cost, nobody let off", PlayOneByOne(new CostPolicy())),
        new("lru, nobody let off", PlayOneByOne(new LruPolicy())),
    ];

    public static IReadOnlyList<Contender> All { get; } = [.. Policies, .. Variants];

    private static Func<Trace, IReplacement> Play(IEvictionPolicy policy, double clockSpeed = 1) =>
        trace => new LarderReplacement(trace.Models, policy, clockSpeed);

    private static Func<Trace, IReplacement> PlayOneByOne(IEvictionPolicy policy) =>
        trace => new OneByOne(new LarderReplacement(trace.Models, policy));
}
