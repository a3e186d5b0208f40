using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Tests.Graph;

/// <summary>A graph of random nodes, added in a random order, that mix the numbers of the things that they read.</summary>
internal sealed class RandomGraph
{
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, Func<long, long>> _outputs = [];

    public RandomGraph(Random random)
    {
        var number = Builder.AddInput<long>("number");
        var made = Builder.AddInput<List<Thing>>("made");
        var sources = new List<Source>();
        var count = random.Next(1, 25);
        for (var place = 0; place < count; place++)
            _nodes.Add(new Node(place, random, sources, number, made, Builder));
        var shuffled = _nodes.ToArray();
        random.Shuffle(shuffled);
        foreach (var node in shuffled)
            Builder.AddNode(node);
        foreach (var source in sources)
        {
            // What nobody reads must be an output; some of the others are outputs as well.
            if (source.IsRead && random.Next(6) > 0)
                continue;
            var name = $"out{_outputs.Count}";
            Builder.AddOutput(name, source.Port);
            _outputs.Add(name, source.Value);
        }
    }

    public InferenceGraphBuilder Builder { get; } = new("random");

    public GraphInputs Inputs(long number, List<Thing> made) =>
        new GraphInputs().Set("number", number).Set("made", made);

    public IEnumerable<(string Name, long Value)> Expected(long number) =>
        _outputs.Select(output => (output.Key, output.Value(number)));

    public string FailAny(Random random)
    {
        var node = _nodes[random.Next(_nodes.Count)];
        node.Before = () => throw new FormatException("It fails.");
        return node.Name;
    }

    public void CancelAtAny(Random random, CancellationTokenSource cancellation) =>
        _nodes[random.Next(_nodes.Count)].Before = cancellation.Cancel;

    private static long Mix(long one, long other) => unchecked(one * 6364136223846793005 + other + 1442695040888963407);

    private sealed class Source(Output<Thing> port, Func<long, long> value)
    {
        public Output<Thing> Port => port;

        /// <summary>The interpreter: the value by the number that a run is given.</summary>
        public Func<long, long> Value => value;

        public bool IsRead { get; set; }
    }

    private sealed class Node : GraphNode
    {
        private readonly Input<long> _number;
        private readonly Input<List<Thing>> _made;
        private readonly List<Input<Thing>> _inputs = [];
        private readonly List<Output<Thing>> _outputs = [];
        private readonly bool _isPassing;
        private readonly bool _isYielding;
        private readonly int _place;

        public Node(
            int place,
            Random random,
            List<Source> sources,
            Output<long> number,
            Output<List<Thing>> made,
            InferenceGraphBuilder builder
        )
            : base($"node{place}")
        {
            _place = place;
            _number = AddInput<long>("number");
            _made = AddInput<List<Thing>>("made");
            builder.Connect(number, _number).Connect(made, _made);
            var read = new List<Source>();
            for (var left = sources.Count == 0 ? 0 : random.Next(5); left > 0; left--)
            {
                var source = sources[random.Next(sources.Count)];
                source.IsRead = true;
                read.Add(source);
                var input = AddInput<Thing>($"in{left}");
                _inputs.Add(input);
                builder.Connect(source.Port, input);
            }
            _isYielding = random.Next(3) == 0;
            // Hands on, as its first output, the very thing that it was given first.
            _isPassing = read.Count > 0 && random.Next(4) == 0;
            for (var output = 0; output <= random.Next(3); output++)
            {
                var (port, salt) = (AddOutput<Thing>($"out{output}"), Salt(output));
                _outputs.Add(port);
                sources.Add(
                    output == 0 && _isPassing
                        ? new Source(port, read[0].Value)
                        : new Source(
                            port,
                            run => read.Aggregate(Mix(run, salt), (sum, source) => Mix(sum, source.Value(run)))
                        )
                );
            }
        }

        public Action? Before { get; set; }

        protected override async ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken)
        {
            if (_isYielding)
                await Task.Yield();
            Before?.Invoke();
            var read = _inputs.Select(context.Get).ToList();
            for (var output = 0; output < _outputs.Count; output++)
            {
                var sum = read.Aggregate(
                    Mix(context.Get(_number), Salt(output)),
                    (sum, thing) => Mix(sum, thing.Number)
                );
                context.Set(_outputs[output], output == 0 && _isPassing ? read[0] : Make(context.Get(_made), sum));
            }
        }

        private static Thing Make(List<Thing> made, long number)
        {
            var thing = new Thing(number);
            lock (made)
                made.Add(thing);
            return thing;
        }

        private long Salt(int output) => _place * 10L + output;
    }
}
