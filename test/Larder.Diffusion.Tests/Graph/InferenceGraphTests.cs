using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Tests.Graph;

public sealed class InferenceGraphTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_DiamondOfNodes_GivesWhatTheEdgesSay()
    {
        var builder = new InferenceGraphBuilder("diamond");
        var number = builder.AddInput<int>("number");
        var left = builder.AddNode(new MapNode<int, int>("left", value => value + 1));
        var right = builder.AddNode(new MapNode<int, int>("right", value => value * 10));
        var join = new TestNode("join");
        var (one, other, sum) = (join.In<int>("one"), join.In<int>("other"), join.Out<string>("sum"));
        join.Work = (context, _) =>
        {
            context.Set(sum, $"{context.Get(one)}-{context.Get(other)}");
            return default;
        };
        builder.AddNode(join);
        builder.Connect(number, left.From).Connect(number, right.From);
        builder.Connect(left.To, one).Connect(right.To, other);
        var output = builder.AddOutput("sum", sum);
        var graph = builder.Build();

        using var result = await graph.RunAsync(new GraphInputs().Set(number, 4), cancellationToken: Token);

        Assert.Equal("5-40", result.Get(output));
        Assert.Equal("5-40", result["sum"]);
    }

    [Fact]
    public async Task RunAsync_InputLeftOut_HasItsDefault()
    {
        var builder = new InferenceGraphBuilder("graph");
        var text = builder.AddInput<string?>("text", null);
        var number = builder.AddInput("number", 7);
        var (texts, numbers) = (builder.AddOutput("text", text), builder.AddOutput("number", number));
        var graph = builder.Build();

        using var defaults = await graph.RunAsync(new GraphInputs(), cancellationToken: Token);
        using var given = await graph.RunAsync(
            new GraphInputs().Set(text, "given").Set("number", 8),
            cancellationToken: Token
        );

        Assert.Equal((null, 7), (defaults.Get(texts), defaults.Get(numbers)));
        Assert.Equal(("given", 8), (given.Get(texts), given.Get(numbers)));
    }

    [Fact]
    public async Task RunAsync_InputOfANodeThatNothingIsConnectedTo_HasItsDefault()
    {
        var builder = new InferenceGraphBuilder("graph");
        var node = new TestNode("node");
        var (scale, done) = (node.OptionalIn("scale", 2.5), node.Out<double>("done"));
        node.Work = (context, _) =>
        {
            context.Set(done, context.Get(scale));
            return default;
        };
        builder.AddNode(node);
        var output = builder.AddOutput("done", done);

        using var result = await builder.Build().RunAsync(new GraphInputs(), cancellationToken: Token);

        Assert.Equal(2.5, result.Get(output));
    }

    [Fact]
    public async Task RunAsync_InputsThatDoNotFit_TellsAllAndRunsNothing()
    {
        var builder = new InferenceGraphBuilder("graph");
        var node = new TestNode("node");
        builder.Connect(builder.AddInput<string>("prompt"), node.In<string>("prompt"));
        builder.Connect(builder.AddInput<long>("seed"), node.In<long>("seed"));
        builder.Connect(builder.AddInput("steps", 30), node.In<int>("steps"));
        builder.AddOutput("out", node.Out<int>("out"));
        builder.AddNode(node);
        var graph = builder.Build();
        var inputs = new GraphInputs().Set("seed", 1).Set("steps", null).Set("promt", "a red square");

        var failure = await Assert.ThrowsAsync<DiffusionException>(() =>
            graph.RunAsync(inputs, cancellationToken: Token)
        );

        Assert.Equal(
            """
            The graph 'graph' cannot run on these inputs:
            prompt: It is missing: give it string.
            seed: It takes long and was given int.
            steps: It takes int and was given null.
            promt: The graph has no such input. Did you mean 'prompt'?
            """,
            failure.Message
        );
    }

    [Fact]
    public async Task RunAsync_NullableAndWiderInputs_TakeWhatFits()
    {
        var builder = new InferenceGraphBuilder("graph");
        var (maybe, list) = (builder.AddInput<int?>("maybe"), builder.AddInput<IReadOnlyList<int>>("list"));
        var (one, other) = (builder.AddOutput("maybe", maybe), builder.AddOutput("list", list));
        var graph = builder.Build();

        using var nothing = await graph.RunAsync(
            new GraphInputs().Set("maybe", null).Set("list", new[] { 1 }),
            cancellationToken: Token
        );
        using var something = await graph.RunAsync(
            new GraphInputs().Set("maybe", 3).Set(list, []),
            cancellationToken: Token
        );

        Assert.Null(nothing.Get(one));
        Assert.Equal([1], nothing.Get(other));
        Assert.Equal(3, something.Get(one));
    }

    [Fact]
    public async Task RunAsync_NodeThatLeavesAnOutputUnset_FailsThere()
    {
        var failure = await FailureOfAsync((_, _) => { });

        Assert.Equal("node", failure.Node);
        Assert.Equal(
            "Node 'node' of the graph 'graph' failed: It ended without a value for its output 'out': set every output.",
            failure.Message
        );
    }

    [Fact]
    public async Task RunAsync_NodeThatSetsAnOutputTwice_FailsThere()
    {
        var failure = await FailureOfAsync(
            (context, output) =>
            {
                context.Set(output, 1);
                context.Set(output, 2);
            }
        );

        Assert.Equal("'node.out' has its value already: set it once.", failure.InnerException?.Message);
    }

    [Fact]
    public async Task RunAsync_NodeThatUsesAPortOfAnother_FailsThere()
    {
        var other = new TestNode("other").Out<int>("out");

        var failure = await FailureOfAsync((context, _) => context.Set(other, 1));

        Assert.IsType<ArgumentException>(failure.InnerException);
        Assert.StartsWith(
            "'other.out' is no port of node 'node'.",
            failure.InnerException.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task RunAsync_ContextKeptBeyondTheNode_IsOfNoUse()
    {
        var builder = new InferenceGraphBuilder("graph");
        NodeContext? kept = null;
        var node = new TestNode("node");
        var (number, output) = (node.In<int>("number"), node.Out<int>("out"));
        node.Work = (context, _) =>
        {
            kept = context;
            context.Set(output, context.Get(number));
            return default;
        };
        builder.AddNode(node);
        builder.Connect(builder.AddInput("number", 1), number).AddOutput("out", output);

        using var result = await builder.Build().RunAsync(new GraphInputs(), cancellationToken: Token);

        Assert.Throws<InvalidOperationException>(() => kept!.Get(number));
        Assert.Throws<InvalidOperationException>(() => kept!.Set(output, 1));
        Assert.Throws<InvalidOperationException>(() => kept!.Step(1, 2));
    }

    [Fact]
    public async Task RunAsync_NullWhereItIsAValue_IsSet()
    {
        var builder = new InferenceGraphBuilder("graph");
        var node = builder.AddNode(new MapNode<int, string?>("node", _ => null));
        builder.Connect(builder.AddInput("number", 1), node.From);
        var output = builder.AddOutput("out", node.To);

        using var result = await builder.Build().RunAsync(new GraphInputs(), cancellationToken: Token);

        Assert.Null(result.Get(output));
    }

    [Fact]
    public async Task RunAsync_NodeThatComputesForLong_DoesNotHoldItsCaller()
    {
        var builder = new InferenceGraphBuilder("graph");
        using var let = new ManualResetEventSlim();
        var node = builder.AddNode(
            new MapNode<int, int>(
                "node",
                (value, cancellationToken) =>
                {
                    let.Wait(cancellationToken);
                    return ValueTask.FromResult(value);
                }
            )
        );
        builder.Connect(builder.AddInput("number", 1), node.From).AddOutput("out", node.To);

        var run = builder.Build().RunAsync(new GraphInputs(), cancellationToken: Token);
        let.Set();

        using var result = await run;
        Assert.Equal(1, result["out"]);
    }

    [Fact]
    public async Task RunAsync_WhatIsLocalToTheCaller_IsKnownToItsNodes()
    {
        var local = new AsyncLocal<string>();
        var builder = new InferenceGraphBuilder("graph");
        var node = builder.AddNode(new MapNode<int, string?>("node", _ => local.Value));
        builder.Connect(builder.AddInput("number", 1), node.From);
        var output = builder.AddOutput("out", node.To);
        local.Value = "the caller's";

        using var result = await builder.Build().RunAsync(new GraphInputs(), cancellationToken: Token);

        Assert.Equal("the caller's", result.Get(output));
    }

    [Fact]
    public async Task Result_UnknownOutput_SuggestsAKnownOne()
    {
        var builder = new InferenceGraphBuilder("graph");
        builder.AddOutput("video", builder.AddInput("number", 1));

        using var result = await builder.Build().RunAsync(new GraphInputs(), cancellationToken: Token);

        var failure = Assert.Throws<ArgumentException>(() => result["vidoe"]);
        Assert.StartsWith(
            "The graph has no output 'vidoe'. Did you mean 'video'?",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void MaxParallelNodes_BelowOne_Fails() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GraphRunOptions { MaxParallelNodes = 0 });

    private static async Task<GraphRunException> FailureOfAsync(Action<NodeContext, Output<int>> work)
    {
        var builder = new InferenceGraphBuilder("graph");
        var node = new TestNode("node");
        var output = node.Out<int>("out");
        node.Work = (context, _) =>
        {
            work(context, output);
            return default;
        };
        builder.AddNode(node);
        builder.AddOutput("out", output);
        return await Assert.ThrowsAsync<GraphRunException>(() =>
            builder.Build().RunAsync(new GraphInputs(), cancellationToken: Token)
        );
    }
}
