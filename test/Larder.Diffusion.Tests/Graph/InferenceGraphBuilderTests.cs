using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Tests.Graph;

public sealed class InferenceGraphBuilderTests
{
    [Fact]
    public void Build_ChainByHandles_PutsNodesInOrder()
    {
        var builder = new InferenceGraphBuilder("chain");
        var last = builder.AddNode(new MapNode<int, string>("last", value => $"{value}"));
        var first = builder.AddNode(new MapNode<string, int>("first", int.Parse));
        var text = builder.AddInput<string>("text");
        builder.Connect(text, first.From).Connect(first.To, last.From).AddOutput("out", last.To);

        var graph = builder.Build();

        Assert.Equal("chain", graph.Name);
        Assert.Equal([first, last], graph.Nodes);
        Assert.Equal([text], graph.Inputs);
        Assert.Equal(["out"], graph.Outputs.Select(output => output.Name));
    }

    [Fact]
    public void Build_NodesThatCouldRunInAnyOrder_KeepsTheOrderOfAdding()
    {
        var builder = new InferenceGraphBuilder("wide");
        var text = builder.AddInput<int>("number");
        foreach (var name in new[] { "c", "a", "d", "b" })
        {
            var node = builder.AddNode(new MapNode<int, int>(name, value => value));
            builder.Connect(text, node.From).AddOutput(name, node.To);
        }

        Assert.Equal(["c", "a", "d", "b"], builder.Build().Nodes.Select(node => node.Name));
    }

    [Fact]
    public void Build_ByNames_IsTheSameAsByHandles()
    {
        var builder = new InferenceGraphBuilder("chain");
        builder.AddInput<string>("text");
        builder.AddNode(new MapNode<string, int>("first", int.Parse));
        builder.AddNode(new MapNode<int, string>("last", value => $"{value}"));
        builder.AddOutput<string>("out");
        builder.Connect("text", "first.from").Connect("first.to", "last.from").Connect("last.to", "out");

        Assert.Equal(["first", "last"], builder.Build().Nodes.Select(node => node.Name));
    }

    [Fact]
    public void Build_TypeThatIsMoreThanWhatIsTaken_Fits()
    {
        var builder = new InferenceGraphBuilder("wider");
        var node = builder.AddNode(new MapNode<object, IReadOnlyList<int>>("node", _ => [1]));
        builder.Connect(builder.AddInput<string>("text"), node.From);
        builder.AddOutput<IEnumerable<int>>("out");
        builder.Connect("node.to", "out");

        Assert.Single(builder.Build().Nodes);
    }

    [Fact]
    public void Build_InputNobodyGives_IsAFault()
    {
        var builder = new InferenceGraphBuilder("graph");
        var node = new TestNode("node");
        node.In<List<int>>("latents");
        node.OptionalIn("scale", 1.0);
        builder.AddNode(node);

        AssertFaults(
            builder,
            new("node.latents", "Nothing gives it its List<int>: connect it."),
            new("graph", "It has no outputs: nothing would come of a run.")
        );
    }

    [Fact]
    public void Build_OutputOfTheGraphThatNothingGives_IsAFault()
    {
        var builder = new InferenceGraphBuilder("graph");
        builder.AddOutput<string>("video");

        AssertFaults(
            builder,
            new DiffusionFault("video", "Nothing gives this output of the graph its string: connect it.")
        );
    }

    [Fact]
    public void Build_TypeThatDoesNotFit_IsAFault()
    {
        var builder = Valid();
        builder.AddNode(new MapNode<Dictionary<string, float[]>, int?>("other", _ => 1));
        builder.AddOutput<long>("total");
        builder.Connect("node.to", "other.from").Connect("other.to", "total");

        AssertFaults(
            builder,
            new("other.from", "It takes Dictionary<string, float[]>, and 'node.to' gives int."),
            new("total", "It takes long, and 'other.to' gives int?.")
        );
    }

    [Fact]
    public void Build_Cycles_AreNamedEachOnce()
    {
        var builder = Valid();
        foreach (var name in new[] { "a", "b", "c", "self", "p", "q", "after" })
            builder.AddNode(new MapNode<int, int>(name, value => value));
        var join = new TestNode("join");
        join.In<int>("one");
        builder.AddNode(join);
        builder
            .Connect("a.to", "c.from")
            .Connect("c.to", "b.from")
            .Connect("b.to", "a.from")
            .Connect("self.to", "self.from")
            .Connect("q.to", "p.from")
            .Connect("p.to", "q.from")
            .Connect("b.to", "after.from")
            .Connect("after.to", "join.one");

        AssertFaults(
            builder,
            new("a", "The nodes wait for each other: a → c → b → a."),
            new("self", "The node waits for itself."),
            new("p", "The nodes wait for each other: p → q → p.")
        );
    }

    [Fact]
    public void Build_OutputNobodyReads_IsAFault()
    {
        var builder = Valid();
        var upsample = new TestNode("upsample");
        upsample.Out<int>("latents_upsampled");
        builder.AddNode(upsample);

        AssertFaults(
            builder,
            new DiffusionFault(
                "upsample.latents_upsampled",
                "Nothing reads it: connect it, or make it an output of the graph."
            )
        );
    }

    [Fact]
    public void Build_InputOfTheGraphNobodyReads_IsAFault()
    {
        var builder = Valid();
        builder.AddInput("seed", 1L);

        AssertFaults(
            builder,
            new DiffusionFault("seed", "Nothing reads this input of the graph: connect it, or take it away.")
        );
    }

    [Fact]
    public void Build_NamesTwice_AreFaults()
    {
        var builder = Valid();
        builder.AddNode(new TestNode("node"));
        var twin = builder.AddNode(new TestNode("twin"));
        builder.AddNode(twin);
        var ports = new TestNode("ports");
        ports.In<int>("latents");
        ports.In<int>("latents");
        var (one, other) = (ports.Out<int>("done"), ports.Out<int>("done"));
        ports.Out<int>("latents");
        builder.AddNode(ports);
        builder.AddInput<int>("number");
        builder.AddOutput("one", one);
        builder.AddOutput("one", other);

        var failure = Assert.Throws<DiffusionException>(builder.Build);

        Assert.Equal(
            [
                new("number", "The graph has two inputs of this name: rename one."),
                new("one", "The graph has two outputs of this name: rename one."),
                new("node", "There are two nodes of this name: rename one."),
                new("twin", "The node was added twice: add it once."),
                new("ports.latents", "The node has two inputs of this name: rename one."),
                new("ports.done", "The node has two outputs of this name: rename one."),
            ],
            failure.Faults.Take(6)
        );
    }

    [Fact]
    public void Build_NamesThatCannotBePartsOfPaths_AreFaults()
    {
        var builder = new InferenceGraphBuilder("my graph");
        var node = new TestNode("no.de");
        builder.AddOutput("video:1", node.Out<int>("ou\nt"));
        builder.AddNode(node);

        AssertFaults(
            builder,
            new("my graph", "The name 'my graph' has other characters than letters, digits, '_' and '-'."),
            new("video:1", "The name 'video:1' has other characters than letters, digits, '_' and '-'."),
            new("no.de", "The name 'no.de' has other characters than letters, digits, '_' and '-'."),
            new("no.de.ou\\nt", "The name 'ou\\nt' has other characters than letters, digits, '_' and '-'.")
        );
    }

    [Fact]
    public void Connect_UnknownNames_AreFaultsWithSuggestions()
    {
        var builder = Valid();
        builder
            .Connect("nod.to", "count")
            .Connect("node.too", "count")
            .Connect("nomber", "node.from")
            .Connect("node.to", "node.frmo")
            .Connect("node.to", "cuont")
            .Connect("xylophone.out", "count");

        AssertFaults(
            builder,
            new("nod.to", "There is no node 'nod'. Did you mean 'node'?"),
            new("node.too", "Node 'node' has no output 'too'. Did you mean 'to'?"),
            new("nomber", "The graph has no input 'nomber'. Did you mean 'number'?"),
            new("node.frmo", "Node 'node' has no input 'frmo'. Did you mean 'from'?"),
            new("cuont", "The graph has no output 'cuont'. Did you mean 'count'?"),
            new("xylophone.out", "There is no node 'xylophone'. Known are node.")
        );
    }

    [Fact]
    public void Connect_WrongAtOneEnd_IsOneFaultAndNoneAtTheOtherEnd()
    {
        var builder = Valid();
        builder.AddNode(new MapNode<int, int>("other", value => value));
        builder.Connect("node.typo", "other.from").Connect("other.to", "typo");

        Assert.Equal(
            ["node.typo", "typo"],
            Assert.Throws<DiffusionException>(builder.Build).Faults.Select(fault => fault.Subject)
        );
    }

    [Fact]
    public void Connect_OneInputTwice_IsAFault()
    {
        var builder = Valid();
        builder.Connect("number", "node.from").Connect("node.to", "node.from");

        AssertFaults(
            builder,
            new("node.from", "It is connected to 'number' twice: take one away."),
            new("node.from", "Its value comes from both 'number' and 'node.to': take one away.")
        );
    }

    [Fact]
    public void Connect_PortsOfElsewhere_AreFaults()
    {
        var elsewhere = new InferenceGraphBuilder("elsewhere");
        var foreignInput = elsewhere.AddInput<int>("foreign");
        var stranger = new MapNode<int, int>("stranger", value => value);
        var builder = Valid();
        var node = builder.AddNode(new MapNode<int, int>("own", value => value));
        builder.Connect(foreignInput, node.From).Connect(node.To, stranger.From).AddOutput("out", stranger.To);

        AssertFaults(
            builder,
            new("foreign", "It is an input of another graph."),
            new("stranger.from", "Node 'stranger' is not in this graph: add it."),
            new("stranger.to", "Node 'stranger' is not in this graph: add it.")
        );
    }

    [Fact]
    public void Build_ManyFaults_AreToldTogetherInOneMessage()
    {
        var builder = new InferenceGraphBuilder("all");
        builder.AddInput<int>("unread");
        builder.AddNode(new MapNode<int, int>("lonely", value => value));
        builder.AddNode(new MapNode<int, int>("around", value => value));
        builder.AddOutput<string>("out");
        builder.Connect("around.to", "around.from").Connect("nowhere.to", "out");

        var failure = Assert.Throws<DiffusionException>(builder.Build);

        Assert.Equal(
            """
            The graph 'all' cannot be built:
            nowhere.to: There is no node 'nowhere'. Known are lonely, around.
            lonely.from: Nothing gives it its int: connect it.
            unread: Nothing reads this input of the graph: connect it, or take it away.
            lonely.to: Nothing reads it: connect it, or make it an output of the graph.
            around: The node waits for itself.
            """,
            failure.Message
        );
    }

    [Fact]
    public void Build_Twice_GivesTwoGraphsOfWhatWasAddedByThen()
    {
        var builder = Valid();
        var before = builder.Build();
        var more = builder.AddNode(new MapNode<int, int>("more", value => value));
        builder.Connect("node.to", "more.from").AddOutput("further", more.To);

        var after = builder.Build();

        Assert.Equal(["node"], before.Nodes.Select(node => node.Name));
        Assert.Equal(["node", "more"], after.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void AddInput_DefaultToBeDisposedOf_Fails()
    {
        Assert.Throws<ArgumentException>(() => new InferenceGraphBuilder("graph").AddInput("thing", new Thing(1)));
        Assert.Throws<ArgumentException>(() => new TestNode("node").OptionalIn("thing", new Thing(1)));
    }

    [Fact]
    public void AddNode_ThenAPortDeclared_Fails()
    {
        var node = new InferenceGraphBuilder("graph").AddNode(new TestNode("node"));

        Assert.Throws<InvalidOperationException>(() => node.In<int>("late"));
    }

    private static InferenceGraphBuilder Valid()
    {
        var builder = new InferenceGraphBuilder("graph");
        var node = builder.AddNode(new MapNode<int, int>("node", value => value + 1));
        builder.Connect(builder.AddInput<int>("number"), node.From).AddOutput("count", node.To);
        return builder;
    }

    private static void AssertFaults(InferenceGraphBuilder builder, params DiffusionFault[] expected)
    {
        var failure = Assert.Throws<DiffusionException>(builder.Build);
        Assert.Equal(expected, failure.Faults);
    }
}
