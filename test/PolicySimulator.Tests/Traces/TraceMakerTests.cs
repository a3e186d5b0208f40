namespace PolicySimulator.Traces;

public sealed class TraceMakerTests
{
    private static readonly Workload Small = new() { Requests = 2500 };

    [Fact]
    public void Make_SameSeed_GivesTheSameTrace()
    {
        Assert.All(
            Enum.GetValues<TraceKind>(),
            kind =>
            {
                var one = TraceMaker.Make(Small, kind, seed: 3);
                var same = TraceMaker.Make(Small, kind, seed: 3);
                var other = TraceMaker.Make(Small, kind, seed: 4);

                Assert.Equal(one.Models, same.Models);
                Assert.Equal(one.Requests, same.Requests);
                Assert.NotEqual(one.Requests, other.Requests);
            }
        );
    }

    [Fact]
    public void Make_ModelsOfASeed_AreTheSameInEachKindAndWithinTheirLimits()
    {
        var models = TraceMaker.Make(Small, TraceKind.Static, seed: 1).Models;

        Assert.Equal(models, TraceMaker.Make(Small, TraceKind.Drift, seed: 1).Models);
        Assert.Equal(40, models.Count);
        Assert.All(
            models,
            model =>
            {
                Assert.InRange(model.Bytes, 50_000_000, 40_000_000_000);
                var least = 0.3 + (model.Bytes / 2e9);
                Assert.InRange(model.LoadTime.TotalSeconds, least - 0.001, least + 60.001);
            }
        );
    }

    [Fact]
    public void Make_Static_FollowsZipf()
    {
        var requests = TraceMaker.Make(new Workload { Requests = 100_000 }, TraceKind.Static, seed: 1).Requests;

        var counts = requests.CountBy(request => request.Model).Select(pair => pair.Value).OrderDescending().ToArray();

        Assert.InRange((double)counts[0] / counts[9], 0.9 * Math.Pow(10, 0.9), 1.1 * Math.Pow(10, 0.9));
    }

    [Fact]
    public void Make_Static_HasTheMeanGapThatWasAskedFor()
    {
        var requests = TraceMaker
            .Make(new Workload { Requests = 100_000, GapSeconds = 10 }, TraceKind.Static, seed: 1)
            .Requests;

        Assert.InRange(requests[^1].At.TotalSeconds / requests.Count, 9.8, 10.2);
    }

    [Fact]
    public void Make_Scan_AsksForAllInARowNowAndThen()
    {
        var requests = TraceMaker.Make(Small, TraceKind.Scan, seed: 1).Requests;

        int[] all = [.. Enumerable.Range(0, 40)];
        Assert.Equal(all, requests.Skip(1000).Take(40).Select(request => request.Model));
        Assert.Equal(all, requests.Skip(2000).Take(40).Select(request => request.Model));
        Assert.NotEqual(all, requests.Take(40).Select(request => request.Model));
    }
}
