using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Tests.Graph;

/// <summary>A node whose ports and work a test says.</summary>
internal sealed class TestNode(string name, Func<NodeContext, CancellationToken, ValueTask>? run = null)
    : GraphNode(name)
{
    public Func<NodeContext, CancellationToken, ValueTask>? Work { get; set; } = run;

    public Input<T> In<T>(string name) => AddInput<T>(name);

    public Input<T> OptionalIn<T>(string name, T value) => AddOptionalInput(name, value);

    public Output<T> Out<T>(string name) => AddOutput<T>(name);

    protected override ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken) =>
        Work?.Invoke(context, cancellationToken) ?? throw new InvalidOperationException($"{Name} was not to run.");
}
