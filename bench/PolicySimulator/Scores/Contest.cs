using Larder.Graphs.Eviction;
using PolicySimulator.Replacement;
using PolicySimulator.Traces;

namespace PolicySimulator.Scores;

/// <summary>The traces of one kind, each played by all.</summary>
internal sealed record Contest(string Name, IReadOnlyList<Standing> Standings)
{
    public static Contest Play(string name, IReadOnlyList<Func<Trace>> traces, long capacityBytes)
    {
        var scores = new Dictionary<string, Score>[traces.Count];
        Parallel.For(0, traces.Count, i => scores[i] = PlayAll(traces[i](), capacityBytes));
        return new(name, [.. Contenders.All.Select(contender => StandingOf(contender.Name, scores))]);
    }

    public Standing Of(string policy) =>
        Standings.First(standing => string.Equals(standing.Policy, policy, StringComparison.Ordinal));

    private static Dictionary<string, Score> PlayAll(Trace trace, long capacityBytes) =>
        Contenders.All.ToDictionary(
            contender => contender.Name,
            contender => Player.Play(trace, capacityBytes, contender.Begin(trace)),
            StringComparer.Ordinal
        );

    private static Standing StandingOf(string policy, Dictionary<string, Score>[] scores)
    {
        // Trace by trace: else one with long load times would outweigh the others.
        double[] relative =
        [
            .. scores.Select(trace => Ratio(trace[policy].SecondsWaited, trace[EvictionPolicies.Lru].SecondsWaited)),
        ];
        return new(
            policy,
            scores.Average(trace => trace[policy].HitRatio),
            scores.Average(trace => trace[policy].ByteHitRatio),
            scores.Average(trace => trace[policy].SecondsWaited),
            relative.Average(),
            relative.Max()
        );
    }

    // Where nothing takes time nobody is better than another.
    private static double Ratio(double seconds, double lru) => seconds == lru ? 1 : seconds / lru;
}
