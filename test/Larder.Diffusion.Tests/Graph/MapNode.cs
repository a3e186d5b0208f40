using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Tests.Graph;

/// <summary>A node with one input and one output.</summary>
internal sealed class MapNode<TFrom, TTo> : GraphNode
{
    private readonly Func<TFrom, CancellationToken, ValueTask<TTo>> _map;

    public MapNode(string name, Func<TFrom, CancellationToken, ValueTask<TTo>> map)
        : base(name)
    {
        _map = map;
        From = AddInput<TFrom>("from");
        To = AddOutput<TTo>("to");
    }

    public MapNode(string name, Func<TFrom, TTo> map)
        : this(name, (from, _) => ValueTask.FromResult(map(from))) { }

    public Input<TFrom> From { get; }

    public Output<TTo> To { get; }

    protected override async ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken) =>
        context.Set(To, await _map(context.Get(From), cancellationToken));
}
