using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Larder.Diffusion.Graph;
using Measuring;

namespace HotPaths.Runs;

/// <summary><c>runs</c>: an inference graph of eight nodes beside the same calls in a loop.</summary>
internal static class RunsCommand
{
    private const int Nodes = 8;
    private const double LimitMicroseconds = 100;
    private const double LimitPercent = 2;

    public static Command Create()
    {
        var work = new Option<string>("--work") { Description = "A directory for the results", Required = true };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 15, Description = "Rounds of both" };
        var command = new Command("runs", "A graph of eight nodes and the same calls in a loop") { work, rounds };
        command.SetAction(async (parsed, _) => await RunAsync(parsed.GetRequiredValue(work), parsed.GetValue(rounds)));
        return command;
    }

    private static async Task<int> RunAsync(string work, int rounds)
    {
        var report = new Report(
            "A graph of eight nodes, beside its calls in a loop",
            "loop us",
            "graph us",
            "bytes a run"
        );
        // Nodes that do nothing: what is left is the graph. Then about 5 ms of work, as two stages of the sample models have.
        var bare = await MeasureAsync(nodeRounds: 0, runs: 2000, rounds);
        var busy = await MeasureAsync(NodeRounds(), runs: 40, rounds);
        report.Row("nodes that do nothing", bare.Loop, bare.Graph, bare.Bytes);
        report.Row("nodes that compute", busy.Loop, busy.Graph, busy.Bytes);
        report.Result("the graph's own time for 8 nodes, us", bare.Graph - bare.Loop, LimitMicroseconds);
        report.Result("the graph's own time in percent of 5 ms", (bare.Graph - bare.Loop) / 5000 * 100, LimitPercent);
        report.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Nodes that compute: {(busy.Ratio - 1) * 100:0.##} percent more than the loop, the middle of {rounds} rounds."
            )
        );
        report.Write(Path.Combine(work, "runs.json"));
        return 0;
    }

    private static async Task<(double Loop, double Graph, double Ratio, double Bytes)> MeasureAsync(
        int nodeRounds,
        int runs,
        int rounds
    )
    {
        var (graph, nodes) = Build(nodeRounds);
        var values = new float[1024];
        var inputs = new GraphInputs().Set("values", values);
        Loop(nodes, values, runs);
        await GraphAsync(graph, inputs, runs);
        Samples loop = new(),
            inGraph = new();
        var ratios = new List<double>();
        var bytes = long.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            Loop(nodes, values, runs);
            var alone = Stopwatch.GetElapsedTime(start);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            start = Stopwatch.GetTimestamp();
            await GraphAsync(graph, inputs, runs);
            var through = Stopwatch.GetElapsedTime(start);
            bytes = Math.Min(bytes, (GC.GetTotalAllocatedBytes(precise: true) - before) / runs);
            loop.Add(alone);
            inGraph.Add(through);
            ratios.Add(through / alone);
        }
        var scale = 1000.0 / runs;
        return (loop.Median * scale, inGraph.Median * scale, ratios.Order().ElementAt(ratios.Count / 2), bytes);
    }

    private static (InferenceGraph Graph, SumNode[] Nodes) Build(int nodeRounds)
    {
        var builder = new InferenceGraphBuilder("eight");
        Output<float[]> last = builder.AddInput<float[]>("values");
        var nodes = new SumNode[Nodes];
        for (var place = 0; place < Nodes; place++)
        {
            nodes[place] = builder.AddNode(new SumNode($"node{place}", nodeRounds));
            builder.Connect(last, nodes[place].From);
            last = nodes[place].To;
        }
        builder.AddOutput("values", last);
        return (builder.Build(), nodes);
    }

    private static void Loop(SumNode[] nodes, float[] values, int runs)
    {
        for (var run = 0; run < runs; run++)
        {
            foreach (var node in nodes)
                values = node.Work(values);
        }
    }

    private static async Task GraphAsync(InferenceGraph graph, GraphInputs inputs, int runs)
    {
        for (var run = 0; run < runs; run++)
            (await graph.RunAsync(inputs)).Dispose();
    }

    // As many as take an eighth of 5 ms on this machine.
    private static int NodeRounds()
    {
        const int Sample = 2000;
        var node = new SumNode("sample", Sample);
        node.Work(new float[1024]);
        var start = Stopwatch.GetTimestamp();
        node.Work(new float[1024]);
        return Math.Max(1, (int)(Sample * (5.0 / Nodes) / Stopwatch.GetElapsedTime(start).TotalMilliseconds));
    }
}
