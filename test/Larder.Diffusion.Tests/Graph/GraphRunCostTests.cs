using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Tests.Graph;

/// <summary>What a run costs besides its nodes. The time is measured in <c>bench/HotPaths</c>.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class GraphRunCostTests
{
    private const int Nodes = 8;

    // What was measured is 1,340; more than this and somebody has added something to every run.
    private const long BudgetBytes = 1700;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ChainOfEightNodes_AllocatesLittle()
    {
        var builder = new InferenceGraphBuilder("chain");
        var input = builder.AddInput<float[]>("latents");
        Output<float[]> last = input;
        for (var place = 0; place < Nodes; place++)
        {
            var node = builder.AddNode(new Handing($"node{place}"));
            builder.Connect(last, node.From);
            last = node.To;
        }
        builder.AddOutput("latents", last);
        var graph = builder.Build();
        var inputs = new GraphInputs().Set(input, new float[16]);

        await RunAsync(graph, inputs, 200);
        var least = long.MaxValue;
        // Of several: compilation in the background and the test runner allocate as well.
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(graph, inputs, 200);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / 200);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{least} bytes a run");
        Assert.InRange(least, 0, BudgetBytes);
    }

    private static async Task RunAsync(InferenceGraph graph, GraphInputs inputs, int runs)
    {
        for (var run = 0; run < runs; run++)
            (await graph.RunAsync(inputs, cancellationToken: Token)).Dispose();
    }

    private sealed class Handing : GraphNode
    {
        public Handing(string name)
            : base(name)
        {
            From = AddInput<float[]>("from");
            To = AddOutput<float[]>("to");
        }

        public Input<float[]> From { get; }

        public Output<float[]> To { get; }

        protected override ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken)
        {
            context.Set(To, context.Get(From));
            return default;
        }
    }
}
