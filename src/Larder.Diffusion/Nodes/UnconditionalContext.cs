using Larder.Diffusion.Graph;
using Larder.Onnx;

namespace Larder.Diffusion.Nodes;

/// <summary>What guidance leads away from: no prompt, or a negative one. Filled up to the length of its counterpart.</summary>
public sealed class UnconditionalContext : IMeasured
{
    internal UnconditionalContext(Tensor<float> values) => Values = values;

    /// <inheritdoc/>
    public long SizeBytes => Values.Length * sizeof(float);

    /// <summary>[1, words, numbers].</summary>
    internal Tensor<float> Values { get; }
}
