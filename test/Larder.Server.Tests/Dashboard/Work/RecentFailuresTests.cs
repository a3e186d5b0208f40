using System.Globalization;
using Larder.Server.Dashboard.Work;

namespace Larder.Server.Tests.Dashboard.Work;

public sealed class RecentFailuresTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly RecentFailures _failures = new();

    [Fact]
    public void Add_TheSameAgain_IsOneWithTheirNumberAndBothTimes()
    {
        _failures.Add(Failure("a", Noon));
        _failures.Add(Failure("b", Noon.AddMinutes(1)));
        _failures.Add(Failure("a", Noon.AddMinutes(2)));

        var listed = _failures.List();

        Assert.Equal(["a", "b"], listed.Select(failure => failure.Path));
        Assert.Equal((2, Noon, Noon.AddMinutes(2)), (listed[0].Count, listed[0].First, listed[0].Last));
    }

    [Fact]
    public void Add_MoreThanAreKept_LosesTheOldest()
    {
        for (var i = 0; i <= RecentFailures.Capacity; i++)
            _failures.Add(Failure(i.ToString(CultureInfo.InvariantCulture), Noon));

        var listed = _failures.List();

        Assert.Equal(RecentFailures.Capacity, listed.Count);
        Assert.DoesNotContain(listed, failure => failure.Path == "0");
    }

    private static RecentFailure Failure(string path, DateTimeOffset time) =>
        new("GET", path, 503, "busy", "It was busy.", time);
}
