using Larder.Diffusion.Graph;
using Larder.Onnx;

namespace Larder.Diffusion.Nodes;

/// <summary>What a prompt means to the denoiser. Of another type than its counterpart, so that nobody can mix the two up.</summary>
public sealed class ConditionalContext : IMeasured
{
    internal ConditionalContext(Tensor<float> values) => Values = values;

    /// <inheritdoc/>
    public long SizeBytes => Values.Length * sizeof(float);

    /// <summary>[1, words, numbers].</summary>
    internal Tensor<float> Values { get; }
}
