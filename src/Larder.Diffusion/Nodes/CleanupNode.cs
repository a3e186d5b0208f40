using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;

namespace Larder.Diffusion.Nodes;

/// <summary>Tells, when the clip is there, how much memory the run has given back.</summary>
/// <remarks>
/// It frees nothing itself: a run frees a value as soon as its last reader has ended. The models are not the run's, and stay.
/// </remarks>
public sealed class CleanupNode : GraphNode
{
    /// <summary>Creates the node.</summary>
    public CleanupNode(string name)
        : base(name)
    {
        Video = AddInput<Video>("video");
        BytesFreed = AddOutput<long>("bytes_freed");
    }

    /// <summary>What is waited for.</summary>
    public Input<Video> Video { get; }

    /// <summary>The bytes of the latents, contexts and pictures that the run had made and has freed.</summary>
    public Output<long> BytesFreed { get; }

    /// <inheritdoc/>
    protected override ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Set(BytesFreed, context.BytesFreed);
        return ValueTask.CompletedTask;
    }
}
