using PolicySimulator.Scores;
using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

public sealed class LarderReplacementTests
{
    [Fact]
    public void Play_LruOnRandomTraces_DoesWhatANaiveLruDoes()
    {
        var first = Random.Shared.Next(1_000_000);
        for (var seed = first; seed < first + 50; seed++)
        {
            var random = new Random(seed);
            var workload = new Workload
            {
                Models = random.Next(1, 15),
                LeastBytes = 1_000,
                MostBytes = 9_000,
                Requests = 300,
            };
            var capacity = random.Next(5_000, 30_000);
            var trace = TraceMaker.Make(workload, (TraceKind)random.Next(3), seed);

            var score = Player.Play(trace, capacity, Begin("lru", trace));
            var plainScore = Player.Play(trace, capacity, Begin("lru, nobody let off", trace));

            Assert.True(
                score.SecondsWaited == NaiveSeconds(trace, capacity, letsOff: true)
                    && plainScore.SecondsWaited == NaiveSeconds(trace, capacity, letsOff: false),
                $"Seed {seed} plays otherwise."
            );
        }
    }

    [Fact]
    public void Play_ModelGoesAndComesBack_CostKnowsItsEarlierUses()
    {
        // a has five uses when it goes for c, which needs all; then b beside it has two, and goes for d.
        var trace = Made.Trace("aaaaacabbd", (1, 1), (1, 1), (2, 1), (1, 1));
        var cost = new Recorder(Begin("cost", trace));

        Player.Play(trace, capacityBytes: 2, cost);

        Assert.Equal("acb", cost.Evicted);
    }

    [Fact]
    public void Evict_ShorterHalfLife_ForgetsEarlierUsesSooner()
    {
        // a has ten uses of long ago, b two of now.
        var trace = Made.Trace("aaaaaaaaaabbc", (1, 1), (1, 1), (1, 1));
        var later = trace with
        {
            Requests =
            [
                .. trace.Requests.Select(request =>
                    request.Place < 10 ? request : request with { At = TimeSpan.FromHours(4) }
                ),
            ],
        };
        var slow = new Recorder(Begin("cost", trace));
        var fast = new Recorder(Begin("cost, half-life 1 h", trace));

        Player.Play(later, capacityBytes: 2, slow);
        Player.Play(later, capacityBytes: 2, fast);

        Assert.Equal(("b", "a"), (slow.Evicted, fast.Evicted));
    }

    private static IReplacement Begin(string name, Trace trace) =>
        Contenders.All.First(contender => contender.Name == name).Begin(trace);

    // A list from who was used longest ago to who was used last.
    private static double NaiveSeconds(Trace trace, long capacity, bool letsOff)
    {
        List<int> order = [];
        var seconds = 0.0;
        foreach (var (_, _, wanted) in trace.Requests)
        {
            if (!order.Remove(wanted))
            {
                seconds += trace.Models[wanted].LoadTime.TotalSeconds;
                if (trace.Models[wanted].Bytes > capacity)
                    continue;
                var count = 0;
                while (Bytes(order.Skip(count)) + trace.Models[wanted].Bytes > capacity)
                    count++;
                var victims = order[..count];
                order.RemoveRange(0, count);
                // Who was used last comes back first, as long as there is room; it stays as old as it was.
                foreach (var victim in Enumerable.Reverse(victims).Where(_ => letsOff))
                {
                    if (Bytes(order) + trace.Models[victim].Bytes + trace.Models[wanted].Bytes <= capacity)
                        order.Insert(
                            order.Count(kept =>
                                victims.Contains(kept) && victims.IndexOf(kept) < victims.IndexOf(victim)
                            ),
                            victim
                        );
                }
            }
            order.Add(wanted);
        }
        return seconds;

        long Bytes(IEnumerable<int> models) => models.Sum(model => trace.Models[model].Bytes);
    }
}
