using Larder.Diffusion.Scheduling;

namespace Larder.Diffusion.Tests.Scheduling;

public sealed class SchedulesTests
{
    [Fact]
    public void Create_OfTheDistilledModels_GivesThePublishedLevels()
    {
        Assert.Equal(
            [1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875, 0.0],
            Schedules.Create("distilled").Sigmas
        );
        Assert.Equal([0.909375, 0.725, 0.421875, 0.0], Schedules.Create("distilled_stage2").Sigmas);
        Assert.Equal([0.625, 0.4, 0.0], Schedules.Create("distilled_stage2_multi_gpu").Sigmas);
    }

    [Theory]
    [InlineData("distilled", 8)]
    [InlineData("distilled_stage2", 3)]
    [InlineData("distilled_stage2_multi_gpu", 2)]
    public void Create_OfADistilledModel_HasItsStepsAndTakesThemAsAnOption(string name, int steps)
    {
        Assert.Equal(steps, Schedules.Create(name).Steps);
        Assert.Equal(steps, Schedules.Create(name, new ScheduleOptions { Steps = steps }).Steps);
    }

    [Fact]
    public void Create_EveryName_IsCreated()
    {
        Assert.Equal(["ltx", "distilled", "distilled_stage2", "distilled_stage2_multi_gpu"], Schedules.Names);
        Assert.All(
            Schedules.Names,
            name =>
                Assert.Equal(
                    name,
                    Schedules.Create(name, name == "ltx" ? new ScheduleOptions { Steps = 4 } : null).Name
                )
        );
    }

    [Theory]
    [InlineData("distiled", "There is no such schedule. Did you mean 'distilled'?")]
    [InlineData(
        "karras",
        "There is no such schedule. Known are ltx, distilled, distilled_stage2, distilled_stage2_multi_gpu."
    )]
    [InlineData(
        "",
        "There is no such schedule. Known are ltx, distilled, distilled_stage2, distilled_stage2_multi_gpu."
    )]
    public void Create_UnknownName_SuggestsAKnownOne(string name, string message)
    {
        var failure = Assert.Throws<DiffusionException>(() => Schedules.Create(name));

        Assert.Equal([new DiffusionFault("name", message)], failure.Faults);
        Assert.StartsWith($"The schedule '{name}' cannot be made:\n", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_FixedScheduleWithOptionsOfAnother_TellsAll()
    {
        var options = new ScheduleOptions
        {
            Steps = 10,
            Tokens = 4096,
            Terminal = 0.2,
        };

        var failure = Assert.Throws<DiffusionException>(() => Schedules.Create("distilled", options));

        Assert.Equal(
            [
                new DiffusionFault("steps", "This schedule has 8 steps and not 10: leave the option out."),
                new DiffusionFault("tokens", "The levels of this schedule are fixed: leave the option out."),
                new DiffusionFault("terminal", "The levels of this schedule are fixed: leave the option out."),
            ],
            failure.Faults
        );
    }

    [Fact]
    public void Create_LtxWithOptionsOutOfRange_TellsAll()
    {
        var options = new ScheduleOptions
        {
            Steps = 1001,
            Tokens = 0,
            Terminal = double.NaN,
        };

        var failure = Assert.Throws<DiffusionException>(() => Schedules.Create("ltx", options));

        Assert.Equal(
            [
                new DiffusionFault("steps", "There are 1001: give 1 to 1000."),
                new DiffusionFault("tokens", "There are 0: a latent has 1 to 1000000."),
                new DiffusionFault("terminal", "It is NaN: the last level is between 0 and 1."),
            ],
            failure.Faults
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public void Create_LtxWithStepsOutOfRange_Fails(int steps) =>
        Assert.Throws<DiffusionException>(() => Schedules.Create("ltx", new ScheduleOptions { Steps = steps }));

    [Fact]
    public void Create_LtxWithoutSteps_AsksForThem()
    {
        var failure = Assert.Throws<DiffusionException>(() => Schedules.Create("ltx"));

        Assert.Equal([new DiffusionFault("steps", "They are missing: give 1 to 1000.")], failure.Faults);
    }
}
