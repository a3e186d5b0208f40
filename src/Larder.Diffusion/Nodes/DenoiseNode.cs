using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;
using Larder.Diffusion.Scheduling;

namespace Larder.Diffusion.Nodes;

/// <summary>Makes of noise what the prompt says, with the same guidance in all steps.</summary>
public sealed class DenoiseNode : DenoiserNode
{
    private readonly double _guidance;

    /// <summary>Creates the node.</summary>
    /// <param name="name">Its name in the graph.</param>
    /// <param name="models">The models.</param>
    /// <param name="schedule">The levels of noise to go through.</param>
    /// <param name="guidance">How far to go away from what would come without the prompt; 1 for none, which takes half the time.</param>
    public DenoiseNode(string name, VideoModels models, SigmaSchedule schedule, double guidance)
        : base(name, models, schedule)
    {
        if (!(guidance >= 0 && double.IsFinite(guidance)))
            throw new ArgumentOutOfRangeException(nameof(guidance), guidance, "Guidance is a finite number from 0.");
        _guidance = guidance;
    }

    /// <inheritdoc/>
    protected override ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        Sample(context, new FixedGuidance(_guidance), cancellationToken);
        return ValueTask.CompletedTask;
    }
}
