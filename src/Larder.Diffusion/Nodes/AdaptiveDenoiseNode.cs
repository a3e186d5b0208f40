using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;
using Larder.Diffusion.Scheduling;

namespace Larder.Diffusion.Nodes;

/// <summary>Makes of noise what the prompt says, with guidance that follows the run, and no more work than that needs.</summary>
public sealed class AdaptiveDenoiseNode : DenoiserNode
{
    private readonly AdaptiveGuidanceOptions _options;

    /// <summary>Creates the node.</summary>
    /// <param name="name">Its name in the graph.</param>
    /// <param name="models">The models.</param>
    /// <param name="schedule">The levels of noise to go through, at most.</param>
    /// <param name="options">What it may do; null for the defaults.</param>
    public AdaptiveDenoiseNode(
        string name,
        VideoModels models,
        SigmaSchedule schedule,
        AdaptiveGuidanceOptions? options = null
    )
        : base(name, models, schedule)
    {
        _options = options ?? AdaptiveGuidanceOptions.Default;
        Trace = AddOutput<GuidanceTrace>("trace");
    }

    /// <summary>What it did.</summary>
    public Output<GuidanceTrace> Trace { get; }

    /// <inheritdoc/>
    protected override ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var guidance = new AdaptiveGuidance(_options, Steps);
        Sample(context, guidance, cancellationToken);
        context.Set(Trace, guidance.Trace);
        return ValueTask.CompletedTask;
    }
}
