using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Tests.Graph;

/// <summary>What becomes of values when nobody is to read them any more, seen through whole runs.</summary>
public sealed class RunValuesTests
{
    private static readonly GraphRunOptions OneByOne = new() { MaxParallelNodes = 1 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ValueWhoseLastReaderHasEnded_IsDisposedOfBeforeTheNextNodeRuns()
    {
        var latents = new Thing(1);
        var seen = new List<bool>();
        var builder = new InferenceGraphBuilder("graph");
        var make = builder.AddNode(new MapNode<int, Thing>("make", _ => latents));
        var first = builder.AddNode(
            new MapNode<Thing, long>(
                "first",
                thing =>
                {
                    seen.Add(latents.IsDisposed);
                    return thing.Number;
                }
            )
        );
        var last = new TestNode("last");
        var (same, before, sum) = (last.In<Thing>("same"), last.In<long>("before"), last.Out<long>("sum"));
        last.Work = (context, _) =>
        {
            seen.Add(latents.IsDisposed);
            context.Set(sum, context.Get(same).Number + context.Get(before));
            return default;
        };
        builder.AddNode(last);
        var later = builder.AddNode(
            new MapNode<long, long>(
                "later",
                value =>
                {
                    seen.Add(latents.IsDisposed);
                    return value;
                }
            )
        );
        builder.Connect(builder.AddInput("number", 0), make.From);
        builder.Connect(make.To, first.From).Connect(make.To, same).Connect(first.To, before).Connect(sum, later.From);
        var output = builder.AddOutput("out", later.To);

        using var result = await builder.Build().RunAsync(new GraphInputs(), OneByOne, Token);

        Assert.Equal(2, result.Get(output));
        Assert.Equal([false, false, true], seen);
    }

    [Fact]
    public async Task RunAsync_ValueWhoseLastReaderHasEnded_IsNoLongerHeld()
    {
        WeakReference? made = null;
        var isHeld = true;
        var builder = new InferenceGraphBuilder("graph");
        var make = builder.AddNode(
            new MapNode<int, byte[]>(
                "make",
                size =>
                {
                    var bytes = new byte[size];
                    made = new WeakReference(bytes);
                    return bytes;
                }
            )
        );
        var count = builder.AddNode(new MapNode<byte[], int>("count", bytes => bytes.Length));
        var later = builder.AddNode(
            new MapNode<int, int>(
                "later",
                async (value, _) =>
                {
                    // On another stack, which has nothing of the nodes before.
                    await Task.Yield();
                    GC.Collect();
                    isHeld = made!.IsAlive;
                    return value;
                }
            )
        );
        builder.Connect(builder.AddInput("size", 100_000), make.From);
        builder.Connect(make.To, count.From).Connect(count.To, later.From).AddOutput("out", later.To);

        using var result = await builder.Build().RunAsync(new GraphInputs(), OneByOne, Token);

        Assert.False(isHeld);
    }

    [Fact]
    public async Task RunAsync_OutputOfTheGraph_IsDisposedOfWithTheResult()
    {
        var (kept, alsoRead) = (new Thing(1), new Thing(2));
        var builder = new InferenceGraphBuilder("graph");
        var number = builder.AddInput("number", 0);
        var keep = builder.AddNode(new MapNode<int, Thing>("keep", _ => kept));
        var make = builder.AddNode(new MapNode<int, Thing>("make", _ => alsoRead));
        var read = builder.AddNode(new MapNode<Thing, long>("read", thing => thing.Number));
        builder.Connect(number, keep.From).Connect(number, make.From).Connect(make.To, read.From);
        builder.AddOutput("kept", keep.To);
        builder.AddOutput("made", make.To);
        builder.AddOutput("read", read.To);

        var result = await builder.Build().RunAsync(new GraphInputs(), OneByOne, Token);
        Assert.False(kept.IsDisposed || alsoRead.IsDisposed);
        result.Dispose();
        result.Dispose();

        Assert.True(kept.IsDisposed && alsoRead.IsDisposed);
    }

    [Fact]
    public async Task RunAsync_InputsOfTheCaller_StayTheCallers()
    {
        var mine = new Thing(1);
        var builder = new InferenceGraphBuilder("graph");
        var thing = builder.AddInput<Thing>("thing");
        // Handed on as a node's own output, it still is the caller's.
        var pass = builder.AddNode(new MapNode<Thing, Thing>("pass", value => value));
        var read = builder.AddNode(new MapNode<Thing, long>("read", value => value.Number));
        builder.Connect(thing, pass.From).Connect(pass.To, read.From).AddOutput("read", read.To);
        builder.AddOutput("thing", pass.To);

        var result = await builder.Build().RunAsync(new GraphInputs().Set(thing, mine), OneByOne, Token);
        result.Dispose();

        Assert.False(mine.IsDisposed);
    }

    [Fact]
    public async Task RunAsync_ValueHandedOnByANode_LivesUntilItsLastReaderUnderAnyName()
    {
        var made = new Thing(5);
        var builder = new InferenceGraphBuilder("graph");
        var make = builder.AddNode(new MapNode<int, Thing>("make", _ => made));
        var pass = builder.AddNode(new MapNode<Thing, Thing>("pass", value => value));
        var read = builder.AddNode(new MapNode<Thing, long>("read", value => value.Number));
        var after = builder.AddNode(new MapNode<long, bool>("after", _ => made.IsDisposed));
        builder.Connect(builder.AddInput("number", 0), make.From);
        builder.Connect(make.To, pass.From).Connect(pass.To, read.From).Connect(read.To, after.From);
        var isDisposed = builder.AddOutput("disposed", after.To);

        using var result = await builder.Build().RunAsync(new GraphInputs(), OneByOne, Token);

        Assert.True(result.Get(isDisposed));
    }

    [Fact]
    public async Task RunAsync_ValueThatANodeLends_IsNeverDisposedOf()
    {
        var cached = new Thing(1);
        var builder = new InferenceGraphBuilder("graph");
        var node = new TestNode("node");
        var (one, other) = (node.Out<Thing>("one"), node.Out<Thing>("other"));
        node.Work = (context, _) =>
        {
            context.Lend(one, cached);
            context.Lend(other, cached);
            return default;
        };
        builder.AddNode(node);
        var read = builder.AddNode(new MapNode<Thing, long>("read", value => value.Number));
        builder.Connect(one, read.From).AddOutput("read", read.To);
        builder.AddOutput("other", other);
        var graph = builder.Build();

        for (var run = 0; run < 2; run++)
            (await graph.RunAsync(new GraphInputs(), OneByOne, Token)).Dispose();

        Assert.False(cached.IsDisposed);
    }

    [Fact]
    public async Task RunAsync_NodeThatFails_LeavesNothingUndisposed()
    {
        Thing early = new(1),
            late = new(2),
            ofTheFailing = new(3);
        var builder = new InferenceGraphBuilder("graph");
        var number = builder.AddInput("number", 0);
        var make = builder.AddNode(new MapNode<int, Thing>("make", _ => early));
        var beside = builder.AddNode(new MapNode<int, Thing>("beside", _ => late));
        var fails = new TestNode("fails");
        var (one, other, output) = (fails.In<Thing>("one"), fails.In<Thing>("other"), fails.Out<Thing>("out"));
        fails.Work = (context, _) =>
        {
            context.Set(output, ofTheFailing);
            throw new FormatException();
        };
        builder.AddNode(fails);
        builder.Connect(number, make.From).Connect(number, beside.From).Connect(make.To, one).Connect(beside.To, other);
        builder.AddOutput("out", output);
        builder.AddOutput("also", make.To);

        await Assert.ThrowsAsync<GraphRunException>(() => builder.Build().RunAsync(new GraphInputs(), OneByOne, Token));

        Assert.True(early.IsDisposed && late.IsDisposed && ofTheFailing.IsDisposed);
    }

    [Fact]
    public async Task RunAsync_Cancelled_LeavesNothingUndisposed()
    {
        using var cancellation = new CancellationTokenSource();
        var made = new Thing(1);
        var builder = new InferenceGraphBuilder("graph");
        var make = builder.AddNode(
            new MapNode<int, Thing>(
                "make",
                _ =>
                {
                    cancellation.Cancel();
                    return made;
                }
            )
        );
        var read = builder.AddNode(new MapNode<Thing, long>("read", value => value.Number));
        builder.Connect(builder.AddInput("number", 0), make.From).Connect(make.To, read.From);
        builder.AddOutput("out", read.To);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            builder.Build().RunAsync(new GraphInputs(), OneByOne, cancellation.Token)
        );

        Assert.True(made.IsDisposed);
    }

    [Fact]
    public async Task RunAsync_ValueThatCannotBeDisposedOf_FailsTheRunAndHidesNothing()
    {
        var broken = new Thing(1);
        broken.Dispose();
        var builder = new InferenceGraphBuilder("graph");
        var make = builder.AddNode(new MapNode<int, Thing>("make", _ => broken));
        var read = builder.AddNode(new MapNode<Thing, long>("read", _ => 1));
        builder.Connect(builder.AddInput("number", 0), make.From).Connect(make.To, read.From);
        builder.AddOutput("out", read.To);

        var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
            builder.Build().RunAsync(new GraphInputs(), OneByOne, Token)
        );

        Assert.Equal("read", failure.Node);
        Assert.Equal("Thing 1 was disposed of twice.", failure.InnerException?.Message);
    }
}
