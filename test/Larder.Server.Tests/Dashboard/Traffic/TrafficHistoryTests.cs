using Larder.Server.Dashboard.Traffic;

namespace Larder.Server.Tests.Dashboard.Traffic;

public sealed class TrafficHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TrafficHistory _history = new();

    [Fact]
    public void Read_NothingAdded_IsUnknown()
    {
        var bars = _history.Read(TrafficRange.Hour, Noon);

        Assert.Equal(60, bars.Count);
        Assert.All(bars, bar => Assert.False(bar.IsKnown));
    }

    [Fact]
    public void Read_CountsThatGrew_AreInTheMinuteInWhichTheyGrew()
    {
        _history.Add(Noon, new CacheCounts(100, 10, 1000, 5));
        _history.Add(Noon.AddSeconds(30), new CacheCounts(103, 10, 1000, 5));
        _history.Add(Noon.AddMinutes(1), new CacheCounts(104, 11, 1007, 6));

        var bars = _history.Read(TrafficRange.Hour, Noon.AddMinutes(1));

        // What there was before the first look is nobody's.
        Assert.Equal((Noon, new CacheCounts(3, 0, 0, 0)), (bars[^2].Start, bars[^2].Counts));
        Assert.Equal((Noon.AddMinutes(1), new CacheCounts(1, 1, 7, 1)), (bars[^1].Start, bars[^1].Counts));
        Assert.Equal([false, true, true], bars.TakeLast(3).Select(bar => bar.IsKnown));
    }

    [Fact]
    public void Read_CounterThatWasSetBack_CountsAsUnchanged()
    {
        _history.Add(Noon, new CacheCounts(100, 0, 0, 0));
        _history.Add(Noon, new CacheCounts(40, 0, 0, 0));
        _history.Add(Noon, new CacheCounts(42, 0, 0, 0));

        Assert.Equal(2, _history.Read(TrafficRange.Hour, Noon)[^1].Counts.FileHits);
    }

    [Fact]
    public void Read_Day_AddsMinutesUp()
    {
        for (var minute = 0; minute <= 60; minute++)
            _history.Add(Noon.AddMinutes(minute), new CacheCounts(minute, 0, 0, 0));

        var bars = _history.Read(TrafficRange.Day, Noon.AddMinutes(59));

        Assert.Equal(48, bars.Count);
        Assert.Equal([29, 30], bars.TakeLast(2).Select(bar => bar.Counts.FileHits));
        Assert.Equal(Noon.AddMinutes(30), bars[^1].Start);
    }

    [Fact]
    public void Read_DayLater_HasForgottenTheDayBefore()
    {
        _history.Add(Noon, default);
        _history.Add(Noon, new CacheCounts(9, 0, 0, 0));
        _history.Add(Noon.AddDays(1), new CacheCounts(10, 0, 0, 0));

        var hour = _history.Read(TrafficRange.Hour, Noon.AddDays(1));
        var day = _history.Read(TrafficRange.Day, Noon.AddDays(1));

        Assert.Equal(1, hour.Sum(bar => bar.Counts.FileHits));
        Assert.Equal(1, day.Sum(bar => bar.Counts.FileHits));
    }
}
