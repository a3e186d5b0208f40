using Larder.Diffusion.Scheduling;

namespace Larder.Diffusion.Tests.Scheduling;

public sealed class SigmaScheduleTests
{
    [Fact]
    public void New_FallingLevels_AreKept()
    {
        double[] given = [0.9, 0.5, 0];
        var schedule = new SigmaSchedule("own", given);
        given[0] = 7;

        Assert.Equal([0.9, 0.5, 0.0], schedule.Sigmas);
        Assert.Equal(2, schedule.Steps);
        Assert.Equal("own: 0.9 → 0.5 → 0", schedule.ToString());
    }

    [Fact]
    public void New_LevelsThatMakeNoSense_TellsAll()
    {
        var failure = Assert.Throws<DiffusionException>(() =>
            new SigmaSchedule("own", 1.5, 0.5, 0.5, double.NaN, 0.25)
        );

        Assert.Equal(
            [
                new DiffusionFault("sigmas[0]", "It is 1.5: levels are from 0 to 1."),
                new DiffusionFault("sigmas[2]", "It is 0.5 after 0.5: levels become less."),
                new DiffusionFault("sigmas[3]", "It is NaN: levels are from 0 to 1."),
                new DiffusionFault("sigmas[4]", "It is 0.25: the last level is 0."),
            ],
            failure.Faults
        );
    }

    [Theory]
    [InlineData]
    [InlineData(0.0)]
    public void New_TooFewLevels_Fails(params double[] sigmas)
    {
        var failure = Assert.Throws<DiffusionException>(() => new SigmaSchedule("own", sigmas));

        Assert.Equal(
            [new DiffusionFault("sigmas", $"There are {sigmas.Length}: at least 2 are needed, for one step.")],
            failure.Faults
        );
    }
}
