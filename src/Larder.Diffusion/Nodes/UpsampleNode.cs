using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;

namespace Larder.Diffusion.Nodes;

/// <summary>Doubles the sides of latents.</summary>
public sealed class UpsampleNode : GraphNode
{
    private readonly VideoModels _models;
    private readonly LatentShape _from;

    /// <summary>Creates the node.</summary>
    /// <param name="name">Its name in the graph.</param>
    /// <param name="models">The models, with an upsampler.</param>
    /// <exception cref="DiffusionException">There is no upsampler.</exception>
    public UpsampleNode(string name, VideoModels models)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (!models.HasUpsampler || models.Facts.Half is not { } from)
            throw NodeFaults.Of(name, "models", $"The models have no upsampler: name one in their model.json.");
        _models = models;
        _from = from;
        Latents = AddInput<Latents>("latents");
        Upsampled = AddOutput<Latents>("upsampled");
    }

    /// <summary>The latents of the first stage.</summary>
    public Input<Latents> Latents { get; }

    /// <summary>Latents whose sides are twice as long.</summary>
    public Output<Latents> Upsampled { get; }

    /// <inheritdoc/>
    protected override ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var latents = context.Get(Latents);
        LatentCheck.Check(Name, Latents, latents, [_from]);
        var upsampled = _models.Upsample(LatentTensor.Of(latents.Shape, latents.Values), cancellationToken);
        context.Set(Upsampled, new Latents(_models.Facts.Full, upsampled.Data));
        return ValueTask.CompletedTask;
    }
}
