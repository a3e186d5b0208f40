using Larder.Graphs.Models;
using Larder.Origins;
using Larder.Pull;
using Larder.Workers.Serving;

namespace Larder.Workers;

/// <summary>Which model is wanted, and how.</summary>
/// <param name="Reference">Where its files come from.</param>
/// <param name="Program">What answers for it.</param>
public sealed record WorkerModelRequest(ModelReference Reference, WorkerProgram Program)
{
    /// <summary>When the origin is asked again, and what answers if it is down.</summary>
    public PullOptions Pull { get; init; } = new();

    /// <summary>What logs call it; null: its reference.</summary>
    public string? Name { get; init; }

    /// <summary>What a request says that the store answers without its origin: stale for a version that is old only because that is down.</summary>
    internal PullOutcome HitOutcome { get; init; } = PullOutcome.Hit;

    internal ModelRequest<WorkerSettings> ForGraphs() =>
        new(Reference, new WorkerSettings(Program))
        {
            Pull = Pull,
            Name = Name,
            HitOutcome = HitOutcome,
        };
}
