using PolicySimulator.Scores;

namespace PolicySimulator.Replacement;

public sealed class SieveTests
{
    [Theory]
    // Nobody was used again: the oldest goes.
    [InlineData("abcd", "a")]
    // The hand lets a off, takes b and stays between a and c.
    [InlineData("abcad", "b")]
    // From there on to c, d and the b that came back: it is never at a again.
    [InlineData("abcadabef", "bcdb")]
    // All were used: the hand comes round to the oldest.
    [InlineData("abcabcd", "a")]
    public void Evict_OneByteEach_TakesWhomTheHandFindsUnused(string requests, string evicted)
    {
        var trace = Made.Trace(requests, (1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1));
        var sieve = new Recorder(new Sieve());

        Player.Play(trace, capacityBytes: 3, sieve);

        Assert.Equal(evicted, sieve.Evicted);
    }

    [Fact]
    public void Evict_LargeModelComes_TakesUntilThereAreBytesEnough()
    {
        var trace = Made.Trace("abcad", (1, 1), (1, 1), (1, 1), (2, 1));
        var sieve = new Recorder(new Sieve());

        Player.Play(trace, capacityBytes: 3, sieve);

        Assert.Equal("bc", sieve.Evicted);
    }
}
