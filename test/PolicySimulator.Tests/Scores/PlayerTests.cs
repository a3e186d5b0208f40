using PolicySimulator.Replacement;

namespace PolicySimulator.Scores;

public sealed class PlayerTests
{
    [Fact]
    public void Play_HitsAndMisses_CountsRequestsBytesAndSeconds()
    {
        var trace = Made.Trace("abab", (1, 2), (3, 5));

        var score = Player.Play(trace, capacityBytes: 4, new Fifo());

        Assert.Equal(new Score(HitRatio: 0.5, ByteHitRatio: 0.5, SecondsWaited: 7), score);
    }

    [Fact]
    public void Play_ModelThatNeverFits_PaysEachTimeAndEvictsNobody()
    {
        var trace = Made.Trace("abbab", (1, 2), (5, 3));
        var fifo = new Recorder(new Fifo());

        var score = Player.Play(trace, capacityBytes: 4, fifo);

        Assert.Equal(11, score.SecondsWaited);
        Assert.Equal("", fifo.Evicted);
    }
}
