using Larder.Onnx.Evaluations;

namespace Larder.Onnx.Tests.Evaluations;

public sealed class LatencyFiguresTests
{
    [Fact]
    public void Of_AHundredRuns_TakesTheNearestRank()
    {
        var figures = LatencyFigures.Of([
            .. Enumerable.Range(1, 100).Reverse().Select(ms => TimeSpan.FromMilliseconds(ms)),
        ]);

        Assert.Equal(50.5, figures["latency_ms_median"]);
        Assert.Equal(95, figures["latency_ms_p95"]);
        Assert.Equal(1, figures["latency_ms_min"]);
        Assert.Equal(50.5, figures["latency_ms_mean"]);
        Assert.Equal(1000 / 50.5, figures["runs_per_second"]);
    }

    [Fact]
    public void Of_OneRun_IsThatRun()
    {
        var figures = LatencyFigures.Of([TimeSpan.FromMilliseconds(4)]);

        Assert.All(["median", "p95", "min", "mean"], name => Assert.Equal(4, figures[$"latency_ms_{name}"]));
        Assert.Equal(250, figures["runs_per_second"]);
    }

    [Fact]
    public void Of_RunsOfNoTime_HaveNoRate()
    {
        Assert.DoesNotContain("runs_per_second", LatencyFigures.Of([TimeSpan.Zero]).Keys);
    }
}
