using PolicySimulator.Scores;

namespace PolicySimulator.Replacement;

public sealed class ClairvoyantTests
{
    [Theory]
    // b is needed last.
    [InlineData("abcab", "b", 1)]
    // a is needed later than b, and then c never again.
    [InlineData("abcbabab", "ac", 1)]
    // b is needed later, and takes ten times as long to load.
    [InlineData("abcab", "a", 10)]
    public void Evict_OneByteEach_TakesWhoIsNeededLateAndLoadsFast(string requests, string evicted, double secondsOfB)
    {
        var trace = Made.Trace(requests, (1, 1), (1, secondsOfB), (1, 1));
        var clairvoyant = new Recorder(new Clairvoyant(trace));

        Player.Play(trace, capacityBytes: 2, clairvoyant);

        Assert.StartsWith(evicted, clairvoyant.Evicted, StringComparison.Ordinal);
    }
}
