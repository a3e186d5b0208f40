using Larder.Diffusion.Graph;

namespace HotPaths.Runs;

/// <summary>A node that goes over its numbers a given number of times, or does nothing.</summary>
internal sealed class SumNode : GraphNode
{
    private readonly int _rounds;

    public SumNode(string name, int rounds)
        : base(name)
    {
        _rounds = rounds;
        From = AddInput<float[]>("from");
        To = AddOutput<float[]>("to");
    }

    public Input<float[]> From { get; }

    public Output<float[]> To { get; }

    /// <summary>The work, without a graph around it.</summary>
    public float[] Work(float[] values)
    {
        for (var round = 0; round < _rounds; round++)
        {
            for (var place = 1; place < values.Length; place++)
                values[place] = 0.5f * (values[place] + values[place - 1]);
        }
        return values;
    }

    protected override ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        context.Set(To, Work(context.Get(From)));
        return default;
    }
}
