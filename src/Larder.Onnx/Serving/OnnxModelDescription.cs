using Larder.Content;

namespace Larder.Onnx.Serving;

/// <summary>What a loaded model is.</summary>
/// <param name="Version">The version of its files: the digest of their manifest.</param>
/// <param name="Inputs">What it takes, in its order.</param>
/// <param name="Outputs">What it gives, in its order.</param>
public sealed record OnnxModelDescription(
    Digest Version,
    IReadOnlyList<TensorSpec> Inputs,
    IReadOnlyList<TensorSpec> Outputs
);
