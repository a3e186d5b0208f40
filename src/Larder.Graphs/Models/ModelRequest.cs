using Larder.Origins;
using Larder.Pull;

namespace Larder.Graphs.Models;

/// <summary>Which model is wanted as a graph, and how.</summary>
/// <param name="Reference">Where its files come from.</param>
/// <param name="Settings">What it is loaded with besides its files; two that are equal come to one graph.</param>
internal readonly record struct ModelRequest<TSettings>(ModelReference Reference, TSettings Settings)
{
    /// <summary>When the origin is asked again, and what answers if it is down.</summary>
    public required PullOptions Pull { get; init; }

    /// <summary>What logs call it; null: its reference.</summary>
    public required string? Name { get; init; }

    /// <summary>What a request says that the store answers without its origin: stale for a version that is old only because that is down.</summary>
    public required PullOutcome HitOutcome { get; init; }
}
