using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;
using Larder.Diffusion.Scheduling;

namespace Larder.Diffusion.Nodes;

/// <summary>Mixes latents with noise, up to the level at which the next stage begins.</summary>
public sealed class AddNoiseNode : GraphNode
{
    private readonly double _sigma;

    /// <summary>Creates the node.</summary>
    /// <param name="name">Its name in the graph.</param>
    /// <param name="schedule">The schedule of the next stage, whose first level is that of the noise.</param>
    public AddNoiseNode(string name, SigmaSchedule schedule)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        _sigma = schedule.Sigmas[0];
        Seed = AddInput<long>("seed");
        Clean = AddInput<Latents>("clean");
        Latents = AddOutput<Latents>("latents");
    }

    /// <summary>The seed of the run; the noise is not that of the first stage.</summary>
    public Input<long> Seed { get; }

    /// <summary>The latents without noise.</summary>
    public Input<Latents> Clean { get; }

    /// <summary>The latents with noise.</summary>
    public Output<Latents> Latents { get; }

    /// <inheritdoc/>
    protected override ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var clean = context.Get(Clean);
        var latents = new float[clean.Shape.Length];
        new GaussianNoise(context.Get(Seed), stage: 1).Fill(latents);
        FlowMatching.AddNoise(clean.Values.Span, latents, _sigma, latents);
        context.Set(Latents, new Latents(clean.Shape, latents));
        return ValueTask.CompletedTask;
    }
}
