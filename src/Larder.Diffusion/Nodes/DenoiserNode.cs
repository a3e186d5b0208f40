using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;
using Larder.Diffusion.Scheduling;

namespace Larder.Diffusion.Nodes;

/// <summary>Makes of noise what the prompt says, by Euler's steps.</summary>
public abstract class DenoiserNode : GraphNode
{
    private readonly VideoModels _models;
    private readonly SigmaSchedule _schedule;

    private protected DenoiserNode(string name, VideoModels models, SigmaSchedule schedule)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(schedule);
        _models = models;
        _schedule = schedule;
        Latents = AddInput<Latents>("latents");
        Conditional = AddInput<ConditionalContext>("conditional");
        Unconditional = AddInput<UnconditionalContext>("unconditional");
        Guide = AddOptionalInput<LatentGuide?>("guide", null);
        Denoised = AddOutput<Latents>("denoised");
    }

    /// <summary>The latents at the first level of the schedule.</summary>
    public Input<Latents> Latents { get; }

    /// <summary>What is to be seen.</summary>
    public Input<ConditionalContext> Conditional { get; }

    /// <summary>What guidance leads away from.</summary>
    public Input<UnconditionalContext> Unconditional { get; }

    /// <summary>The pictures that the clip is held to; none.</summary>
    public Input<LatentGuide?> Guide { get; }

    /// <summary>The latents of the clip.</summary>
    public Output<Latents> Denoised { get; }

    private protected int Steps => _schedule.Steps;

    private protected void Sample(NodeContext context, IGuidance guidance, CancellationToken cancellationToken)
    {
        var start = context.Get(Latents);
        var guide = context.Get(Guide);
        var (conditional, unconditional) = (context.Get(Conditional), context.Get(Unconditional));
        LatentCheck.Check(Name, Latents, start, _models.Facts.Grids);
        if (guide is not null && guide.Shape != start.Shape)
            throw NodeFaults.Of(Name, Guide.ToString(), $"It is of {guide.Shape}, and the latents of {start.Shape}.");
        if (!conditional.Values.Shape.SequenceEqual(unconditional.Values.Shape))
            throw NodeFaults.Of(
                Name,
                Unconditional.ToString(),
                $"It is {unconditional.Values} and its counterpart {conditional.Values}: encode both in one node."
            );
        var sampler = new EulerSampler(_models, start, conditional, unconditional, guide);
        context.Set(Denoised, sampler.Sample(_schedule, guidance, context, cancellationToken));
    }
}
