using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Transfer;

public sealed class BandwidthLimitTests
{
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void TakeAsync_NoLimit_NeverWaits()
    {
        var limit = new BandwidthLimit(_time);

        Assert.True(limit.TakeAsync(int.MaxValue, Cancellation).IsCompletedSuccessfully);
        Assert.Equal(int.MaxValue, limit.MostAtOnce);
    }

    [Fact]
    public void TakeAsync_OverAMinute_LetsNoMorePassThanTheLimit()
    {
        var limit = new BandwidthLimit(_time) { BytesPerSecond = 1000 };
        var passed = 0;

        var waiting = limit.TakeAsync(100, Cancellation);
        for (var tick = 0; tick < 600; tick++)
        {
            while (waiting.IsCompleted)
            {
                passed += 100;
                waiting = limit.TakeAsync(100, Cancellation);
            }
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(passed, 59_000, 60_200);
    }

    [Fact]
    public void BytesPerSecond_ChangedWhileSomebodyWaits_CountsForTheNext()
    {
        var limit = new BandwidthLimit(_time) { BytesPerSecond = 1000 };
        var first = limit.TakeAsync(1100, Cancellation);
        Assert.False(first.IsCompleted);

        limit.BytesPerSecond = 0;

        Assert.True(limit.TakeAsync(1_000_000, Cancellation).IsCompletedSuccessfully);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(first.IsCompletedSuccessfully);
    }
}
