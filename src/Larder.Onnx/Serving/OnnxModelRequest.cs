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

    /// <summary>Threads that work on one operator, the calling one included; 1.</summary>
    public int IntraOpThreads { get; init; } = 1;
}
