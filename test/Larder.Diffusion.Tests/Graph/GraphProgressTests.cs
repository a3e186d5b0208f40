using Larder.Diffusion.Graph;
using Larder.TestKit;

namespace Larder.Diffusion.Tests.Graph;

public sealed class GraphProgressTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_StepsOfNodes_AreToldWithTheirTimes()
    {
        var time = new ManualTimeProvider();
        var graph = Chain(time);
        var told = new Listener();

        using var result = await graph.RunAsync(
            new GraphInputs(),
            new GraphRunOptions { Progress = told, Time = time },
            Token
        );

        Assert.Equal(
            [
                new("denoise", NodeState.Started, 0, 0, 0, 2, Seconds(0)),
                new("denoise", NodeState.Stepped, 1, 2, 0, 2, Seconds(3)),
                new("denoise", NodeState.Stepped, 2, 2, 0, 2, Seconds(6)),
                new("denoise", NodeState.Finished, 0, 0, 1, 2, Seconds(6)),
                new("decode", NodeState.Started, 0, 0, 1, 2, Seconds(6)),
                new("decode", NodeState.Finished, 0, 0, 2, 2, Seconds(10)),
            ],
            told.Events
        );
        Assert.Equal(
            [new("denoise", Seconds(0), Seconds(6)), new NodeTiming("decode", Seconds(6), Seconds(4))],
            result.Timings
        );
        Assert.Equal(Seconds(10), result.Elapsed);
    }

    [Fact]
    public async Task RunAsync_ListenerThatFails_FailsTheNode()
    {
        var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
            Chain(new ManualTimeProvider())
                .RunAsync(
                    new GraphInputs(),
                    new GraphRunOptions { Progress = new Listener { FailsAt = NodeState.Stepped } },
                    Token
                )
        );

        Assert.Equal("denoise", failure.Node);
        Assert.Equal("The listener failed.", failure.InnerException?.Message);
    }

    [Theory]
    [InlineData(-1, 4)]
    [InlineData(5, 4)]
    public async Task Step_OutOfRange_FailsTheNode(int step, int steps)
    {
        var builder = new InferenceGraphBuilder("graph");
        var node = new TestNode("node");
        var output = node.Out<int>("out");
        node.Work = (context, _) =>
        {
            context.Step(step, steps);
            return default;
        };
        builder.AddNode(node);
        builder.AddOutput("out", output);

        var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
            builder.Build().RunAsync(new GraphInputs(), cancellationToken: Token)
        );

        Assert.IsType<ArgumentOutOfRangeException>(failure.InnerException);
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    // Two steps of three seconds, then four seconds at once.
    private static InferenceGraph Chain(ManualTimeProvider time)
    {
        var builder = new InferenceGraphBuilder("chain");
        var denoise = new TestNode("denoise");
        var latents = denoise.Out<int>("latents");
        denoise.Work = (context, _) =>
        {
            for (var step = 1; step <= 2; step++)
            {
                time.Advance(Seconds(3));
                context.Step(step, 2);
            }
            context.Set(latents, 1);
            return default;
        };
        builder.AddNode(denoise);
        var decode = builder.AddNode(
            new MapNode<int, int>(
                "decode",
                value =>
                {
                    time.Advance(Seconds(4));
                    return value;
                }
            )
        );
        builder.Connect(latents, decode.From).AddOutput("video", decode.To);
        return builder.Build();
    }

    private sealed class Listener : IProgress<GraphProgress>
    {
        public List<GraphProgress> Events { get; } = [];

        public NodeState? FailsAt { get; init; }

        public void Report(GraphProgress value)
        {
            if (value.State == FailsAt)
                throw new InvalidOperationException("The listener failed.");
            Events.Add(value);
        }
    }
}
