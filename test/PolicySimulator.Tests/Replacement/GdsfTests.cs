using PolicySimulator.Scores;

namespace PolicySimulator.Replacement;

public sealed class GdsfTests
{
    [Theory]
    // a: 2 uses of 1 s, b: 1 use of 3 s.
    [InlineData("aabc", "a")]
    // a: 4 uses of 1 s, b: 1 use of 3 s.
    [InlineData("aaaabc", "b")]
    // a goes at 2 and the floor is 2; c, loaded for 1 s, is worth 3 like b, who was used before it.
    [InlineData("aabcd", "ab")]
    // As before; b, used again, is worth 2 + 2 × 3.
    [InlineData("aabcbd", "ac")]
    // What a was used before it went is forgotten: it comes back at 3 + 1, beside d at 3 + 1 that is older.
    [InlineData("aabcdac", "abcd")]
    public void Evict_OneByteEach_TakesTheLeastOfFloorAndUsesTimesSeconds(string requests, string evicted)
    {
        var trace = Made.Trace(requests, (1, 1), (1, 3), (1, 1), (1, 1));
        var gdsf = new Recorder(new Gdsf(trace.Models));

        Player.Play(trace, capacityBytes: 2, gdsf);

        Assert.Equal(evicted, gdsf.Evicted);
    }

    [Fact]
    public void Evict_SizesDiffer_TakesTheFewestSecondsForEachByte()
    {
        var trace = Made.Trace("abc", (4, 6), (1, 2), (1, 1));
        var gdsf = new Recorder(new Gdsf(trace.Models));

        Player.Play(trace, capacityBytes: 5, gdsf);

        Assert.Equal("a", gdsf.Evicted);
    }
}
