using PolicySimulator.Traces;

namespace PolicySimulator.Scores;

public sealed class ContestTests
{
    // Seeded, so the same on each machine: when it fails, a policy or the choice of victims has changed.
    [Fact]
    public void Play_DefaultWorkload_CostKeepsItsTarget()
    {
        Assert.All(
            Target.Kinds,
            kind =>
            {
                var traces = Enumerable
                    .Range(1, Target.Seeds)
                    .Select(seed => (Func<Trace>)(() => TraceMaker.Make(new Workload(), kind, seed)));

                var contest = Contest.Play("made", [.. traces], Target.CapacityBytes);

                Assert.InRange(Target.Actual(contest), 0.3, Target.MostOfLru);
            }
        );
    }

    [Fact]
    public void Play_TwoTraces_MeansTheirRatiosAndNamesTheWorst()
    {
        // In the first there is room for all; in the second lru lets go of the slow model each time, and cost never.
        var same = Made.Trace("ab", (1, 1), (1, 1));
        var other = Made.Trace("aabcabcabc", (1, 100), (1, 1), (1, 1));

        var cost = Contest.Play("made", [() => same, () => other], capacityBytes: 2).Of("cost");

        Assert.Equal(1, cost.WorstRelativeToLru);
        Assert.InRange(cost.RelativeToLru, 0.5, 0.99);
    }
}
