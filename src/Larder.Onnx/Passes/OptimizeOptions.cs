namespace Larder.Onnx.Passes;

/// <summary>The options of <see cref="OptimizePass"/>.</summary>
internal sealed record OptimizeOptions
{
    /// <summary>The model's file; null for the only <c>.onnx</c> file, or <c>model.onnx</c>.</summary>
    public string? File { get; set; }

    /// <summary>How far; extended.</summary>
    public OptimizationLevel Level { get; set; } = OptimizationLevel.Extended;
}
