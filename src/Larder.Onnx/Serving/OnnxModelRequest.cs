using Larder.Graphs.Models;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Onnx.Serving;

/// <summary>Which model is wanted, and how.</summary>
/// <param name="Reference">Where its files come from.</param>
public sealed record OnnxModelRequest(ModelReference Reference)
{
    /// <summary>The file that is loaded; null: the only <c>.onnx</c> file, else <c>model.onnx</c>.</summary>
    public string? File { get; init; }

    /// <summary>When the origin is asked again, and what answers if it is down.</summary>
    public PullOptions Pull { get; init; } = new();

    /// <summary>What logs call it; null: its reference.</summary>
    public string? Name { get; init; }

    /// <summary>What a request says that the store answers without its origin: stale for a version that is old only because that is down.</summary>
    internal PullOutcome HitOutcome { get; init; } = PullOutcome.Hit;

    /// <summary>Threads that work on one operator, the calling one included; 1.</summary>
    public int IntraOpThreads { get; init; } = 1;

    internal ModelRequest<OnnxSettings> ForGraphs() =>
        new(Reference, new OnnxSettings(File, IntraOpThreads))
        {
            Pull = Pull,
            Name = Name,
            HitOutcome = HitOutcome,
        };
}
