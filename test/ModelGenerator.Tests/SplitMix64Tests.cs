namespace ModelGenerator;

public sealed class SplitMix64Tests
{
    [Fact]
    public void At_SeedOfThePublishedExample_GivesItsNumbers()
    {
        var random = new SplitMix64(seed: 1234567);

        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(i => random.At((ulong)i))
        );
    }

    [Fact]
    public void Next_ManyDraws_StaysInRangeAndFillsIt()
    {
        var random = new SplitMix64(seed: 1);

        var draws = Enumerable.Range(0, 10_000).Select(_ => random.Next(-2, 6)).ToArray();

        Assert.InRange(draws.Min(), -2, -1.99);
        Assert.InRange(draws.Max(), 5.99, 6);
        Assert.InRange(draws.Average(), 1.9, 2.1);
    }
}
