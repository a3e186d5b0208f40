using Larder.Content;
using Larder.Pull;

namespace Larder.Onnx.Serving;

/// <summary>What a model answered, and what each step took.</summary>
public sealed record Prediction
{
    /// <summary>The outputs that the model has, in its order.</summary>
    public required IReadOnlyList<TensorSpec> Specs { get; init; }

    /// <summary>The outputs by name.</summary>
    public required IReadOnlyDictionary<string, Tensor> Outputs { get; init; }

    /// <summary>The version of the model: the digest of its manifest.</summary>
    public required Digest Version { get; init; }

    /// <summary>How the model's files were come by.</summary>
    public required PullOutcome Files { get; init; }

    /// <summary>Whether no byte of the model came from its origin for this prediction.</summary>
    public required bool FromCache { get; init; }

    /// <summary>Whether the model was loaded already.</summary>
    public required bool GraphFromCache { get; init; }

    /// <summary>Time to make the files available.</summary>
    public required TimeSpan FilesTime { get; init; }

    /// <summary>Time to load.</summary>
    public required TimeSpan LoadTime { get; init; }

    /// <summary>Time to read the inputs and run.</summary>
    public required TimeSpan RunTime { get; init; }

    /// <summary>The whole.</summary>
    public TimeSpan TotalTime => FilesTime + LoadTime + RunTime;
}
