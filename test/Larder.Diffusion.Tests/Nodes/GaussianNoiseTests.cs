using System.Runtime.InteropServices;
using Larder.Content;
using Larder.Diffusion.Nodes;

namespace Larder.Diffusion.Tests.Nodes;

public sealed class GaussianNoiseTests
{
    [Fact]
    public void Fill_OneSeed_GivesTheseBytes() =>
        Assert.Equal(
            "92f07388994092059f3e34e8fe6e55c727445d3c700a9e2fac2fb4dbcaf5058c",
            Digest.Of(MemoryMarshal.AsBytes<float>(Noise(10, 0))).ToString()
        );

    [Fact]
    public void Fill_Long_IsNormal()
    {
        var noise = Noise(1, 0, 1_000_001);

        var mean = noise.Average(value => (double)value);
        var variance = noise.Average(value => ((double)value - mean) * (value - mean));
        Assert.InRange(mean, -0.004, 0.004);
        Assert.InRange(variance, 0.99, 1.01);
        Assert.InRange(noise.Count(value => Math.Abs(value) < 1) / (double)noise.Length, 0.680, 0.685);
        Assert.InRange(noise.Count(value => Math.Abs(value) > 3) / (double)noise.Length, 0.0022, 0.0032);
    }

    [Theory]
    [InlineData(1, 0, 2, 0)]
    [InlineData(1, 0, 1, 1)]
    [InlineData(0, 1, 1, 0)]
    [InlineData(-1, 0, long.MaxValue, 0)]
    public void Fill_OtherSeedOrStage_HasNothingToDoWithIt(long seed, int stage, long otherSeed, int otherStage)
    {
        var (first, second) = (Noise(seed, stage, 100_000), Noise(otherSeed, otherStage, 100_000));

        var correlation = first.Zip(second, (a, b) => (double)a * b).Average();
        Assert.InRange(correlation, -0.02, 0.02);
    }

    [Fact]
    public void Log_IsTheLogarithm()
    {
        var random = new Random(7);
        for (var i = 0; i < 100_000; i++)
        {
            var value = Math.Pow(2, -60 * random.NextDouble());
            Assert.Equal(Math.Log(value), GaussianNoise.Log(value), tolerance: 1e-14 * Math.Max(1, -Math.Log(value)));
        }
        Assert.Equal(0, GaussianNoise.Log(1));
    }

    private static float[] Noise(long seed, int stage, int length = 4096)
    {
        var noise = new float[length];
        new GaussianNoise(seed, stage).Fill(noise);
        return noise;
    }
}
