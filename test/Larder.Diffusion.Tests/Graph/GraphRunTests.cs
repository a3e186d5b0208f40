using Larder.Diffusion.Graph;
using Larder.TestKit;

namespace Larder.Diffusion.Tests.Graph;

/// <summary>What runs at once, what waits, and how a run ends early. Interleavings are chosen by gates.</summary>
public sealed class GraphRunTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_NodesThatDoNotDependOnEachOther_Overlap()
    {
        // Each ends only when the other has begun: one after the other they would wait for ever.
        Gate left = new(),
            right = new();
        left.Close();
        right.Close();
        var graph = Pair(
            async (_, token) =>
            {
                right.Open();
                await left.PassAsync(token);
            },
            async (_, token) =>
            {
                left.Open();
                await right.PassAsync(token);
            }
        );

        using var result = await graph
            .RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = 2 }, Token)
            .WaitAsync(Patience, Token);

        Assert.Equal(2, result.Timings.Count);
    }

    [Fact]
    public async Task RunAsync_NodesThatComputeWithoutWaiting_OverlapToo()
    {
        using var both = new Barrier(2);
        var graph = Pair(Meet, Meet);

        using var result = await graph.RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = 2 }, Token);

        ValueTask Meet(NodeContext context, CancellationToken token)
        {
            Assert.True(both.SignalAndWait(Patience, token));
            return default;
        }
    }

    [Fact]
    public async Task RunAsync_NodesThatWaitedForTheSameOne_Overlap()
    {
        using var both = new Barrier(2);
        var builder = new InferenceGraphBuilder("fan");
        var begin = builder.AddNode(new MapNode<int, int>("begin", value => value));
        builder.Connect(builder.AddInput("number", 1), begin.From);
        foreach (var name in new[] { "one", "other" })
        {
            var node = builder.AddNode(
                new MapNode<int, bool>(name, (_, token) => ValueTask.FromResult(both.SignalAndWait(Patience, token)))
            );
            builder.Connect(begin.To, node.From).AddOutput(name, node.To);
        }

        using var result = await builder
            .Build()
            .RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = 2 }, Token);

        Assert.True((bool)result["one"]! && (bool)result["other"]!);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RunAsync_ManyNodesAtOnce_AreNoMoreThanAllowed(int allowed)
    {
        var gate = new Gate();
        gate.Close();
        var (running, most, begun) = (0, 0, new SemaphoreSlim(0));
        var builder = new InferenceGraphBuilder("wide");
        var number = builder.AddInput("number", 1);
        for (var place = 0; place < 8; place++)
        {
            var node = builder.AddNode(
                new MapNode<int, int>(
                    $"node{place}",
                    async (value, token) =>
                    {
                        var now = Interlocked.Increment(ref running);
                        InterlockedMax(ref most, now);
                        begun.Release();
                        await gate.PassAsync(token);
                        Interlocked.Decrement(ref running);
                        return value;
                    }
                )
            );
            builder.Connect(number, node.From).AddOutput($"out{place}", node.To);
        }

        var run = builder
            .Build()
            .RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = allowed }, Token);
        for (var place = 0; place < allowed; place++)
            Assert.True(await begun.WaitAsync(Patience, Token));
        gate.Open();
        using var result = await run.WaitAsync(Patience, Token);

        Assert.Equal(allowed, most);
        Assert.Equal(0, running);
    }

    [Fact]
    public async Task RunAsync_OneNodeAtATime_KeepsTheOrderOfTheGraph()
    {
        var order = new List<string>();
        var builder = new InferenceGraphBuilder("graph");
        var number = builder.AddInput("number", 1);
        foreach (var name in new[] { "c", "a", "b" })
        {
            var first = builder.AddNode(Noting($"{name}1"));
            var second = builder.AddNode(Noting($"{name}2"));
            builder.Connect(number, first.From).Connect(first.To, second.From).AddOutput(name, second.To);
        }
        var graph = builder.Build();

        using var result = await graph.RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = 1 }, Token);

        Assert.Equal(graph.Nodes.Select(node => node.Name), order);
        Assert.Equal(["c1", "c2", "a1", "a2", "b1", "b2"], order);

        MapNode<int, int> Noting(string name) =>
            new(
                name,
                value =>
                {
                    order.Add(name);
                    return value;
                }
            );
    }

    [Fact]
    public async Task RunAsync_NodeWhoseInputsAreThere_StartsWhileOthersRun()
    {
        // "late" depends on "quick" alone; "slow" ends only when "late" has run.
        var gate = new Gate();
        gate.Close();
        var builder = new InferenceGraphBuilder("graph");
        var number = builder.AddInput("number", 1);
        var slow = builder.AddNode(
            new MapNode<int, int>(
                "slow",
                async (value, token) =>
                {
                    await gate.PassAsync(token);
                    return value;
                }
            )
        );
        var quick = builder.AddNode(new MapNode<int, int>("quick", value => value));
        var late = builder.AddNode(
            new MapNode<int, int>(
                "late",
                value =>
                {
                    gate.Open();
                    return value;
                }
            )
        );
        builder.Connect(number, slow.From).Connect(number, quick.From).Connect(quick.To, late.From);
        builder.AddOutput("slow", slow.To);
        builder.AddOutput("late", late.To);

        using var result = await builder
            .Build()
            .RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = 2 }, Token)
            .WaitAsync(Patience, Token);

        Assert.Equal(3, result.Timings.Count);
    }

    [Fact]
    public async Task RunAsync_TwoRunsOfOneGraphInterleaved_KnowNothingOfEachOther()
    {
        Gate first = new(),
            second = new();
        first.Close();
        second.Close();
        var builder = new InferenceGraphBuilder("graph");
        var text = builder.AddInput<string>("text");
        var begin = builder.AddNode(new MapNode<string, string>("begin", value => value + " begun"));
        var wait = builder.AddNode(
            new MapNode<string, string>(
                "wait",
                async (value, token) =>
                {
                    await (value.StartsWith("first", StringComparison.Ordinal) ? first : second).PassAsync(token);
                    return value + " waited";
                }
            )
        );
        var end = builder.AddNode(new MapNode<string, string>("end", value => value + " ended"));
        builder.Connect(text, begin.From).Connect(begin.To, wait.From).Connect(wait.To, end.From);
        var output = builder.AddOutput("out", end.To);
        var graph = builder.Build();

        var one = graph.RunAsync(new GraphInputs().Set(text, "first"), cancellationToken: Token);
        await first.Reached.WaitAsync(Patience, Token);
        var other = graph.RunAsync(new GraphInputs().Set(text, "second"), cancellationToken: Token);
        await second.Reached.WaitAsync(Patience, Token);
        second.Open();
        using var otherResult = await other.WaitAsync(Patience, Token);
        Assert.False(one.IsCompleted);
        first.Open();
        using var oneResult = await one.WaitAsync(Patience, Token);

        Assert.Equal("first begun waited ended", oneResult.Get(output));
        Assert.Equal("second begun waited ended", otherResult.Get(output));
    }

    [Fact]
    public async Task RunAsync_NodeThatFails_CancelsTheOthersAndIsNamed()
    {
        var gate = new Gate();
        gate.Close();
        var cause = new FormatException("No such format.");
        var graph = Pair(
            async (_, token) =>
            {
                await gate.Reached.WaitAsync(Patience, token);
                throw cause;
            },
            // Never opened: only the cancellation ends it.
            (_, token) => new ValueTask(gate.PassAsync(token))
        );

        var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
            graph
                .RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = 2 }, Token)
                .WaitAsync(Patience, Token)
        );

        Assert.Equal(("pair", "one"), (failure.Graph, failure.Node));
        Assert.Same(cause, failure.InnerException);
        Assert.Equal("Node 'one' of the graph 'pair' failed: No such format.", failure.Message);
    }

    [Fact]
    public async Task RunAsync_NodeThatFails_EndsOnlyWhenTheOthersHaveEnded()
    {
        Gate begun = new(),
            end = new();
        begun.Close();
        end.Close();
        var graph = Pair(
            async (_, token) =>
            {
                await begun.Reached.WaitAsync(Patience, token);
                throw new FormatException();
            },
            // Deaf to the token, as native code may be.
            async (_, _) =>
            {
                _ = begun.PassAsync(CancellationToken.None);
                await end.PassAsync(CancellationToken.None);
            }
        );

        var run = graph.RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = 2 }, Token);
        await end.Reached.WaitAsync(Patience, Token);
        Assert.False(run.IsCompleted);
        end.Open();

        await Assert.ThrowsAsync<GraphRunException>(() => run.WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task RunAsync_NodeThatFails_LetsNothingStartAfterIt()
    {
        var builder = new InferenceGraphBuilder("graph");
        var number = builder.AddInput("number", 1);
        var fails = builder.AddNode(
            new MapNode<int, int>("fails", (_, _) => ValueTask.FromException<int>(new FormatException()))
        );
        var after = new TestNode("after");
        builder.Connect(number, fails.From).Connect(fails.To, after.In<int>("from"));
        var beside = new TestNode("beside");
        builder.Connect(number, beside.In<int>("from"));
        builder.AddOutput("after", after.Out<int>("to"));
        builder.AddOutput("beside", beside.Out<int>("to"));
        builder.AddNode(after);
        builder.AddNode(beside);

        var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
            builder.Build().RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = 1 }, Token)
        );

        Assert.Equal("fails", failure.Node);
    }

    [Fact]
    public async Task RunAsync_NodeThatGivesUpByItself_Failed()
    {
        // A time-out of a node's own is no cancellation of the caller's.
        var graph = Pair((_, _) => throw new TaskCanceledException("The server did not answer."), (_, _) => default);

        var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
            graph.RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = 1 }, Token)
        );

        Assert.Equal("one", failure.Node);
        Assert.IsType<TaskCanceledException>(failure.InnerException);
    }

    [Fact]
    public async Task RunAsync_CancelledBetweenSteps_EndsThereAsCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var gate = new Gate();
        gate.Close();
        var steps = 0;
        var graph = Pair(
            async (context, _) =>
            {
                for (var step = 1; step <= 30; step++)
                {
                    if (step == 3)
                        await gate.PassAsync(CancellationToken.None);
                    steps++;
                    context.Step(step, 30);
                }
            },
            (_, _) => throw new InvalidOperationException("It was not to run.")
        );

        var run = graph.RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = 1 }, cancellation.Token);
        await gate.Reached.WaitAsync(Patience, Token);
        await cancellation.CancelAsync();
        Assert.False(run.IsCompleted);
        gate.Open();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience, Token));
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        Assert.True(run.IsCanceled);
        Assert.Equal(3, steps);
    }

    [Fact]
    public async Task RunAsync_CancelledBetweenNodes_StartsNoMore()
    {
        using var cancellation = new CancellationTokenSource();
        var graph = Pair(
            (_, _) =>
            {
                cancellation.Cancel();
                return default;
            },
            (_, _) => throw new InvalidOperationException("It was not to run.")
        );

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            graph.RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = 1 }, cancellation.Token)
        );
    }

    [Fact]
    public async Task RunAsync_CancelledBefore_RunsNothing()
    {
        var graph = Pair(
            (_, _) => throw new InvalidOperationException("It was not to run."),
            (_, _) => throw new InvalidOperationException("It was not to run.")
        );

        var run = graph.RunAsync(new GraphInputs(), cancellationToken: new CancellationToken(canceled: true));

        Assert.True(run.IsCanceled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task RunAsync_CancelledAfterTheLastNode_HasItsResult()
    {
        using var cancellation = new CancellationTokenSource();
        var graph = Pair(
            (_, _) => default,
            (_, _) =>
            {
                cancellation.Cancel();
                return default;
            }
        );

        using var result = await graph.RunAsync(
            new GraphInputs(),
            new GraphRunOptions { MaxParallelNodes = 1 },
            cancellation.Token
        );

        Assert.Equal(2, result.Timings.Count);
    }

    [Fact]
    public async Task RunAsync_RegistrationWithTheTokenThatFails_HidesNoFailureAndHoldsNothingUp()
    {
        var graph = Pair(
            (_, token) =>
            {
                token.Register(() => throw new InvalidOperationException("A registration that fails."));
                throw new FormatException("The failure.");
            },
            (_, _) => default
        );

        var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
            graph
                .RunAsync(new GraphInputs(), new GraphRunOptions { MaxParallelNodes = 1 }, Token)
                .WaitAsync(Patience, Token)
        );

        Assert.IsType<FormatException>(failure.InnerException);
    }

    // Two nodes that depend on nothing; each has an output of no interest.
    private static InferenceGraph Pair(
        Func<NodeContext, CancellationToken, ValueTask> one,
        Func<NodeContext, CancellationToken, ValueTask> other
    )
    {
        var builder = new InferenceGraphBuilder("pair");
        AddWorking(builder, "one", one);
        AddWorking(builder, "other", other);
        return builder.Build();
    }

    private static void AddWorking(
        InferenceGraphBuilder builder,
        string name,
        Func<NodeContext, CancellationToken, ValueTask> work
    )
    {
        var node = new TestNode(name);
        var done = node.Out<bool>("done");
        node.Work = async (context, token) =>
        {
            await work(context, token);
            context.Set(done, true);
        };
        builder.AddNode(node);
        builder.AddOutput(name, done);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var known = Volatile.Read(ref most); known < value; )
            known = Interlocked.CompareExchange(ref most, value, known) is var seen && seen == known ? value : seen;
    }
}
