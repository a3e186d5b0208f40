using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;

namespace Larder.Diffusion.Nodes;

/// <summary>What a clip is made of: noise by a seed, or latents that are given.</summary>
public sealed class NoiseNode : GraphNode
{
    private readonly LatentShape _shape;

    /// <summary>Creates the node.</summary>
    /// <param name="name">Its name in the graph.</param>
    /// <param name="shape">The sizes of the latents.</param>
    public NoiseNode(string name, LatentShape shape)
        : base(name)
    {
        _shape = shape;
        Seed = AddInput<long>("seed");
        Given = AddOptionalInput<Latents?>("given", null);
        Latents = AddOutput<Latents>("latents");
    }

    /// <summary>The seed: for one seed the same bits on every machine.</summary>
    public Input<long> Seed { get; }

    /// <summary>What to take in place of noise by the seed; null.</summary>
    public Input<Latents?> Given { get; }

    /// <summary>The noise.</summary>
    public Output<Latents> Latents { get; }

    /// <inheritdoc/>
    protected override ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Get(Given) is { } given)
        {
            LatentCheck.Check(Name, Given, given, [_shape]);
            context.Set(Latents, given);
            return ValueTask.CompletedTask;
        }
        var noise = new float[_shape.Length];
        new GaussianNoise(context.Get(Seed), stage: 0).Fill(noise);
        context.Set(Latents, new Latents(_shape, noise));
        return ValueTask.CompletedTask;
    }
}
