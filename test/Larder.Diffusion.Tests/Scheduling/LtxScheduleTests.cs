using Larder.Diffusion.Scheduling;

namespace Larder.Diffusion.Tests.Scheduling;

public sealed class LtxScheduleTests
{
    // Worked out from the published formula with 50 digits.
    public static TheoryData<int, int?, double[]> Levels =>
        new()
        {
            { 1, null, [1, 0] },
            { 2, null, [1, 0.1, 0] },
            { 3, null, [1, 0.7341794827174996, 0.1, 0] },
            { 4, null, [1, 0.8670832058183823, 0.6315685712321255, 0.1, 0] },
            { 4, 4096, [1, 0.8670832058183823, 0.6315685712321255, 0.1, 0] },
            { 4, 1024, [1, 0.808645858475468, 0.5326691068137178, 0.1, 0] },
            { 4, 400, [1, 0.7889487222706923, 0.5044302904388468, 0.1, 0] },
            {
                8,
                null,
                [
                    1,
                    0.9657116101094695,
                    0.9218748633768381,
                    0.863856172429543,
                    0.7834453058698756,
                    0.6645792034976942,
                    0.4710027171978705,
                    0.1,
                    0,
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Levels))]
    public void Create_KnownCases_GivesTheLevelsWorkedOutByHand(int steps, int? tokens, double[] expected)
    {
        var schedule = Schedules.Create("ltx", new ScheduleOptions { Steps = steps, Tokens = tokens });

        Assert.Equal(steps, schedule.Steps);
        Assert.Equal(expected, schedule.Sigmas.ToArray(), (one, other) => Math.Abs(one - other) < 1e-14);
    }

    [Fact]
    public void Create_OneStep_GoesFromNoiseToNoneAndDividesNothingByZero()
    {
        foreach (var tokens in new[] { 1, 400, 4096, 1_000_000 })
            Assert.Equal(
                [1.0, 0.0],
                Schedules.Create("ltx", new ScheduleOptions { Steps = 1, Tokens = tokens }).Sigmas
            );
    }

    [Fact]
    public void Create_AnyNumberOfSteps_FallsFromOneToTheTerminalLevelAndZero()
    {
        foreach (var tokens in new[] { 1, 400, 4096, 24_576, 1_000_000 })
        {
            for (var steps = 1; steps <= 1000; steps++)
            {
                var schedule = Schedules.Create("ltx", new ScheduleOptions { Steps = steps, Tokens = tokens });
                var sigmas = schedule.Sigmas;

                Assert.Equal(steps + 1, sigmas.Length);
                Assert.Equal(1, sigmas[0]);
                Assert.Equal(0, sigmas[^1]);
                Assert.Equal(steps == 1 ? 1 : 0.1, sigmas[^2]);
                for (var step = 1; step < sigmas.Length; step++)
                    Assert.True(sigmas[step] < sigmas[step - 1], $"{tokens} tokens, {steps} steps, level {step}");
            }
        }
    }

    [Fact]
    public void Create_AnyNumberOfSteps_IsTheFormulaAsItIsWritten()
    {
        for (var steps = 2; steps <= 1000; steps++)
        {
            var sigmas = Schedules.Create("ltx", new ScheduleOptions { Steps = steps }).Sigmas;
            var written = Written(steps, 4096, 0.1);

            for (var step = 0; step <= steps; step++)
                Assert.Equal(written[step], sigmas[step], 1e-9);
        }
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.5)]
    public void Create_AnotherTerminalLevel_EndsThere(double terminal)
    {
        var schedule = Schedules.Create("ltx", new ScheduleOptions { Steps = 20, Terminal = terminal });

        Assert.Equal(terminal, schedule.Sigmas[^2]);
        Assert.Equal(
            Written(20, 4096, terminal),
            schedule.Sigmas.ToArray(),
            (one, other) => Math.Abs(one - other) < 1e-12
        );
    }

    [Fact]
    public void Create_MoreTokens_StaysNoisyLonger()
    {
        var few = Schedules.Create("ltx", new ScheduleOptions { Steps = 10, Tokens = 400 });
        var many = Schedules.Create("ltx", new ScheduleOptions { Steps = 10, Tokens = 9000 });

        for (var step = 1; step < 9; step++)
            Assert.True(many.Sigmas[step] > few.Sigmas[step]);
    }

    private static double[] Written(int steps, int tokens, double terminal)
    {
        var e = Math.Exp(0.95 + (tokens - 1024) * 1.1 / 3072);
        var levels = Enumerable.Range(0, steps).Select(step => 1 - (double)step / steps).ToArray();
        var shifted = levels.Select(level => e / (e + 1 / level - 1)).ToArray();
        var stretched = shifted.Select(level => 1 - (1 - level) * (1 - terminal) / (1 - shifted[^1]));
        return [.. stretched, 0];
    }
}
