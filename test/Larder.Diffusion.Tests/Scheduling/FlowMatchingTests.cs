using System.Numerics;
using Larder.Diffusion.Scheduling;

namespace Larder.Diffusion.Tests.Scheduling;

public sealed class FlowMatchingTests
{
    // Whole vectors, and what is left over.
    public static TheoryData<int> Lengths => [0, 1, 3, 4, 7, 8, 16, 17, 31, 64, 1003];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Step_AnyLength_IsTheFormulaElementByElement(int length)
    {
        var (x, x0) = (Values(length, 1), Values(length, 2));
        var expected = x.Zip(x0, (x, x0) => x0 + (float)(0.725 / 0.909375) * (x - x0)).ToArray();

        FlowMatching.Step(x, x0, 0.909375, 0.725);

        Assert.Equal(expected, x);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Step_ToNoNoise_GivesWhatWasDenoisedExactly(int length)
    {
        var (x, x0) = (Values(length, 1), Values(length, 2));

        FlowMatching.Step(x, x0, 0.1, 0);

        Assert.Equal(x0, x);
    }

    [Fact]
    public void Step_OverWholeSchedule_FollowsTheStraightLine()
    {
        // Where the denoiser is right from the start, every level is on the line from the noise to the picture.
        var (noise, clean) = (Values(100, 1), Values(100, 2));
        var x = (float[])noise.Clone();
        var sigmas = Schedules.Create("ltx", new ScheduleOptions { Steps = 30 }).Sigmas;
        for (var step = 0; step + 1 < sigmas.Length; step++)
        {
            FlowMatching.Step(x, clean, sigmas[step], sigmas[step + 1]);

            for (var place = 0; place < x.Length; place++)
                Assert.Equal(sigmas[step + 1] * noise[place] + (1 - sigmas[step + 1]) * clean[place], x[place], 1e-4);
        }
        Assert.Equal(clean, x);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1.01, 0.5)]
    [InlineData(double.NaN, 0)]
    [InlineData(0.5, 0.5)]
    [InlineData(0.5, 0.6)]
    [InlineData(0.5, -0.1)]
    [InlineData(0.5, double.NaN)]
    public void Step_NotDownFromALevel_Fails(double sigma, double next) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowMatching.Step(new float[4], new float[4], sigma, next));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Guide_OfOne_GivesTheConditionalExactly(int length)
    {
        var (unconditional, conditional, guided) = (Values(length, 1), Values(length, 2), new float[length]);

        FlowMatching.Guide(unconditional, conditional, 1, guided);

        Assert.Equal(conditional, guided);
    }

    [Fact]
    public void Guide_OfOne_IsExactWhereTheFormulaWouldNotBe()
    {
        // 1e8 + (1 - 1e8) is 0 in 32 bits, and an infinite half would make it no number.
        float[] unconditional = [1e8f, float.PositiveInfinity, -0f];
        float[] conditional = [1f, 2f, 0.3f];
        var guided = new float[3];

        FlowMatching.Guide(unconditional, conditional, 1, guided);

        Assert.Equal(conditional, guided);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Guide_OfZero_GivesTheUnconditionalExactly(int length)
    {
        var (unconditional, conditional, guided) = (Values(length, 1), Values(length, 2), new float[length]);

        FlowMatching.Guide(unconditional, conditional, 0, guided);

        Assert.Equal(unconditional, guided);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Guide_AnyLength_GoesFromTheUnconditionalPastTheConditional(int length)
    {
        var (unconditional, conditional, guided) = (Values(length, 1), Values(length, 2), new float[length]);

        FlowMatching.Guide(unconditional, conditional, 4, guided);

        Assert.Equal(unconditional.Zip(conditional, (u, c) => u + 4f * (c - u)), guided);
    }

    [Fact]
    public void Guide_HalvesTheRightWayRound_MovesAwayFromTheUnconditional()
    {
        var guided = new float[1];

        FlowMatching.Guide([0f], [1f], 3, guided);

        Assert.Equal([3f], guided);
    }

    [Fact]
    public void Guide_IntoOneOfItsSources_GivesTheSame()
    {
        var (unconditional, conditional, apart) = (Values(37, 1), Values(37, 2), new float[37]);
        FlowMatching.Guide(unconditional, conditional, 7.5, apart);

        FlowMatching.Guide(unconditional, conditional, 7.5, conditional);

        Assert.Equal(apart, conditional);
    }

    [Fact]
    public void Guide_DestinationShiftedAgainstASource_Fails()
    {
        var memory = new float[20];

        Assert.Throws<ArgumentException>(() =>
            FlowMatching.Guide(memory.AsSpan(0, 10), new float[10], 2, memory.AsSpan(1, 10))
        );
    }

    [Fact]
    public void Guide_LengthsThatDiffer_Fails()
    {
        Assert.Throws<ArgumentException>(() => FlowMatching.Guide(new float[3], new float[4], 2, new float[4]));
        Assert.Throws<ArgumentException>(() => FlowMatching.Guide(new float[4], new float[4], 2, new float[3]));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Guide_NoNumber_Fails(double guidance) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            FlowMatching.Guide(new float[1], new float[1], guidance, new float[1])
        );

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Denoise_AnyLength_GoesAgainstTheVelocity(int length)
    {
        var (x, velocity, x0) = (Values(length, 1), Values(length, 2), new float[length]);

        FlowMatching.Denoise(x, velocity, 0.725, x0);

        Assert.Equal(x.Zip(velocity, (x, velocity) => x - 0.725f * velocity), x0);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void AddNoise_AnyLength_MixesNoiseAndPicture(int length)
    {
        var (clean, noise, x) = (Values(length, 1), Values(length, 2), new float[length]);

        FlowMatching.AddNoise(clean, noise, 0.909375, x);

        Assert.Equal(clean.Zip(noise, (clean, noise) => 0.090625f * clean + 0.909375f * noise), x);
    }

    [Fact]
    public void AddNoise_AtTheFirstLevel_IsNoiseAlone()
    {
        var (clean, noise, x) = (Values(50, 1), Values(50, 2), new float[50]);

        FlowMatching.AddNoise(clean, noise, 1, x);

        Assert.Equal(noise, x);
    }

    [Fact]
    public void Lengths_OfTheTests_HaveWholeVectorsAndRemainders()
    {
        Assert.Contains(Lengths, row => row.Data > Vector<float>.Count && row.Data % Vector<float>.Count != 0);
        Assert.Contains(Lengths, row => row.Data > 0 && row.Data % Vector<float>.Count == 0);
    }

    private static float[] Values(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() * 8 - 4)];
    }
}
