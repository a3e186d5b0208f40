namespace Larder.Graphs.Eviction;

public sealed class UseCountTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void AgeTo_UsesOfAMomentLongAgo_CountByTheirAge()
    {
        var uses = new UseCount();
        for (var i = 0; i < 8; i++)
        {
            uses.Add();
            uses.AgeNowAndThen(Start);
        }

        Assert.Equal(8, uses.AgeTo(Start), tolerance: 0.001);
        Assert.Equal(1, uses.AgeTo(Start + (3 * UseCount.HalfLife)), tolerance: 0.001);
    }

    // A burst, and nobody asks what it counts until long after.
    [Fact]
    public void AgeTo_BurstThatNobodyAskedForMeanwhile_CountsByItsAge()
    {
        var uses = new UseCount();
        for (var i = 0; i < 8; i++)
        {
            uses.Add();
            uses.AgeNowAndThen(Start);
        }

        Assert.Equal(1, uses.AgeTo(Start + (3 * UseCount.HalfLife)), tolerance: 0.001);
    }

    [Fact]
    public void AgeTo_UseAfterALongTime_CountsInFull()
    {
        var uses = new UseCount(uses: 8, aged: 8, Start);
        var later = Start + (3 * UseCount.HalfLife);

        uses.Add();
        uses.AgeNowAndThen(later);

        Assert.Equal(2, uses.AgeTo(later), tolerance: 0.001);
        Assert.Equal(9, uses.Total);
    }
}
