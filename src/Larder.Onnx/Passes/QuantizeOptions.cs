namespace Larder.Onnx.Passes;

/// <summary>The options of <see cref="QuantizePass"/>.</summary>
internal sealed record QuantizeOptions
{
    /// <summary>The model's file; null for the only <c>.onnx</c> file, or <c>model.onnx</c>.</summary>
    public string? File { get; set; }

    /// <summary>Whether each channel of a weight has a scale of its own; true.</summary>
    public bool PerChannel { get; set; } = true;

    /// <summary>Along which dimension the channels of a weight lie; <see cref="QuantizeAxis.Operator"/>.</summary>
    public QuantizeAxis Axis { get; set; } = QuantizeAxis.Operator;

    /// <summary>Weights of fewer elements stay as they are; 1024.</summary>
    public long MinElements { get; set; } = 1024;

    /// <summary>The operators whose weights are quantised.</summary>
    public IReadOnlyList<string> Operators { get; set; } =
    ["MatMul", "Gemm", "Conv", "ConvTranspose", "FusedMatMul", "FusedGemm", "FusedConv"];

    /// <summary>Names of weights, or of nodes whose weights stay as they are; none.</summary>
    public IReadOnlyList<string> Exclude { get; set; } = [];
}
