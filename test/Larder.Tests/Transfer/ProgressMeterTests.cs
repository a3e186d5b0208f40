using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Transfer;

public sealed class ProgressMeterTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly RecordingProgress _progress = new();

    [Fact]
    public void Arrived_WithinATenthOfASecond_ReportsNothing()
    {
        var file = Meter(2, 100).Begin("a", 100);

        for (var i = 0; i < 10; i++)
            file.Arrived(5);

        Assert.Empty(_progress.Reports);
    }

    [Fact]
    public void Arrived_AfterATenthOfASecond_ReportsTheSum()
    {
        var meter = Meter(2, 100);
        var (one, other) = (meter.Begin("a", 60), meter.Begin("b", 40));
        one.Arrived(5);
        _time.Advance(TimeSpan.FromMilliseconds(100));

        other.Arrived(5);

        var report = Assert.Single(_progress.Reports);
        Assert.Equal((0, 2, 10, 100), (report.FilesDone, report.Files, report.BytesDone, report.Bytes));
        Assert.Equal(
            [("a", 5, 60), ("b", 5, 40)],
            report.UnderWay.Select(file => (file.Path, file.BytesDone, file.Bytes))
        );
    }

    [Fact]
    public void Arrived_EvenlyForAWhile_TellsTheRateAndTheTimeLeft()
    {
        var file = Meter(1, 10_000).Begin("a", 10_000);

        for (var i = 0; i < 80; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            file.Arrived(100);
        }

        var last = _progress.Reports[^1];
        Assert.Equal((1000, 1000), (last.BytesPerSecond, last.UnderWay[0].BytesPerSecond), Near);
        Assert.Equal((2, 2), (last.TimeLeft!.Value.TotalSeconds, last.UnderWay[0].TimeLeft!.Value.TotalSeconds), Near);

        static bool Near((double, double) expected, (double, double) actual) =>
            Math.Abs(actual.Item1 / expected.Item1 - 1) < 0.1 && Math.Abs(actual.Item2 / expected.Item2 - 1) < 0.1;
    }

    [Fact]
    public void Arrived_NothingMore_IsReportedEachSecondWithARateThatFalls()
    {
        using var meter = Meter(1, 10_000);
        meter.Begin("a", 10_000).Arrived(100);

        for (var i = 0; i < 8; i++)
            _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Enumerable.Repeat(100L, 8), _progress.Reports.Select(report => report.BytesDone));
        Assert.True(_progress.Reports[0].BytesPerSecond > _progress.Reports[3].BytesPerSecond);
        Assert.Equal((0, null), (_progress.Reports[7].BytesPerSecond, _progress.Reports[7].TimeLeft));

        meter.Dispose();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(8, _progress.Reports.Count);
    }

    [Fact]
    public void Found_BytesThatWereThere_CountAndAreNoRate()
    {
        var file = Meter(1, 100).Begin("a", 100);
        _time.Advance(TimeSpan.FromMilliseconds(500));

        file.Found(90);

        var report = Assert.Single(_progress.Reports);
        Assert.Equal((90, 0, null), (report.BytesDone, report.BytesPerSecond, report.TimeLeft));
    }

    [Fact]
    public void Done_LastOne_ReportsTheEnd()
    {
        var meter = Meter(2, 100);
        var (one, other) = (meter.Begin("a", 60), meter.Begin("b", 40));
        one.Arrived(60);
        other.Arrived(40);

        meter.Done(one);
        meter.Done(other);

        var report = Assert.Single(_progress.Reports);
        Assert.Equal((2, 100, TimeSpan.Zero), (report.FilesDone, report.BytesDone, report.TimeLeft));
        Assert.Empty(report.UnderWay);
    }

    private ProgressMeter Meter(int files, long bytes) => new(files, bytes, _progress, _time);
}
