using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Transfer;

public sealed class ProgressMeterTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly RecordingProgress _progress = new();

    [Fact]
    public void Add_WithinATenthOfASecond_ReportsNothing()
    {
        var meter = new ProgressMeter(2, 100, _progress, _time);

        for (var i = 0; i < 10; i++)
            meter.Add(5);

        Assert.Empty(_progress.Reports);
    }

    [Fact]
    public void Add_AfterATenthOfASecond_ReportsTheSum()
    {
        var meter = new ProgressMeter(2, 100, _progress, _time);
        meter.Add(5);
        _time.Advance(TimeSpan.FromMilliseconds(100));

        meter.Add(5);

        Assert.Equal(new TransferProgress(0, 2, 10, 100), Assert.Single(_progress.Reports));
    }

    [Fact]
    public void FileDone_LastOne_ReportsTheEnd()
    {
        var meter = new ProgressMeter(2, 100, _progress, _time);
        meter.Add(100);

        meter.FileDone();
        meter.FileDone();

        Assert.Equal(new TransferProgress(2, 2, 100, 100), Assert.Single(_progress.Reports));
    }
}
