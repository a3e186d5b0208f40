namespace Larder.Onnx.Tests;

public sealed class RunGateTests
{
    [Fact]
    public void Close_NobodyInside_EndsAtOnce() => Assert.True(new RunGate().CloseAsync().IsCompleted);

    [Fact]
    public async Task Close_SomebodyInside_EndsWhenTheLastHasLeft()
    {
        var gate = new RunGate();
        Assert.True(gate.TryEnter());
        Assert.True(gate.TryEnter());

        var closing = gate.CloseAsync();
        gate.Leave();
        Assert.False(closing.IsCompleted);
        gate.Leave();

        await closing;
    }

    [Fact]
    public void TryEnter_Closed_Refuses()
    {
        var gate = new RunGate();
        Assert.True(gate.TryEnter());
        var closing = gate.CloseAsync();

        Assert.False(gate.TryEnter());
        Assert.False(closing.IsCompleted);
        Assert.Same(closing, gate.CloseAsync());
    }

    [Fact]
    [Trait("Category", "Soak")]
    public async Task Close_WhileManyComeAndGo_NobodyIsInsideAfterwards()
    {
        for (var round = 0; round < 50; round++)
        {
            var gate = new RunGate();
            var inside = 0;
            using var start = new Barrier(3);
            var runners = Enumerable
                .Range(0, 2)
                .Select(_ =>
                    OwnThread.Run(() =>
                    {
                        start.SignalAndWait();
                        while (gate.TryEnter())
                        {
                            Interlocked.Increment(ref inside);
                            Interlocked.Decrement(ref inside);
                            gate.Leave();
                        }
                    })
                )
                .ToArray();
            start.SignalAndWait();

            await gate.CloseAsync();

            Assert.Equal(0, Volatile.Read(ref inside));
            await Task.WhenAll(runners);
        }
    }
}
