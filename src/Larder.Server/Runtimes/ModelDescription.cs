using Larder.Content;
using Larder.Onnx;

namespace Larder.Server.Runtimes;

/// <summary>What a loaded model is.</summary>
/// <param name="Version">The version of its files: the digest of their manifest.</param>
/// <param name="Inputs">What it takes, in its order; null where it does not tell.</param>
/// <param name="Outputs">What it gives, in its order; null where it does not tell.</param>
internal sealed record ModelDescription(
    Digest Version,
    IReadOnlyList<TensorSpec>? Inputs,
    IReadOnlyList<TensorSpec>? Outputs
);
