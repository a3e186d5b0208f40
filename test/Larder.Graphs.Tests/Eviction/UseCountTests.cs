using Larder.Graphs.Eviction;

namespace Larder.Graphs.Tests.Eviction;

public sealed class UseCountTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void AgeTo_AHalfLifeLater_CountsHalf()
    {
        var uses = new UseCount();
        uses.Add();
        uses.Add();

        Assert.Equal(2, uses.AgeTo(Start));
        Assert.Equal(1, uses.AgeTo(Start + UseCount.HalfLife));
        Assert.Equal(0.5, uses.AgeTo(Start + (2 * UseCount.HalfLife)));
        Assert.Equal(2, uses.Total);
    }

    [Fact]
    public void AgeTo_InOneStepOrMany_IsTheSame()
    {
        var (once, often) = (new UseCount(3, 3, Start), new UseCount(3, 3, Start));

        for (var minute = 1; minute < 100; minute++)
            often.AgeTo(Start.AddMinutes(minute));

        Assert.Equal(once.AgeTo(Start.AddMinutes(100)), often.AgeTo(Start.AddMinutes(100)), precision: 9);
    }

    [Fact]
    public void AgeTo_ClockWentBack_LosesNothing()
    {
        var uses = new UseCount(3, 3, Start);

        Assert.Equal(3, uses.AgeTo(Start.AddHours(-5)));
    }

    // A burst, and nobody asks what it counts until long after.
    [Fact]
    public void AgeNowAndThen_SoonAfter_AgesAllTheSame()
    {
        var uses = new UseCount();
        for (var i = 0; i < 8; i++)
        {
            uses.Add();
            uses.AgeNowAndThen(Start);
        }

        Assert.Equal(1, uses.AgeTo(Start + (3 * UseCount.HalfLife)), precision: 9);
    }

    [Fact]
    public void AgeNowAndThen_LongAfter_KeepsWhenItWas()
    {
        var uses = new UseCount(0, 0, Start);
        uses.Add();
        uses.AgeNowAndThen(Start + (UseCount.HalfLife / 6));

        Assert.Equal(0.5, uses.AgeTo(Start + (UseCount.HalfLife / 6) + UseCount.HalfLife), precision: 9);
    }
}
