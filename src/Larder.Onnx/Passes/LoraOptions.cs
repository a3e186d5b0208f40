namespace Larder.Onnx.Passes;

/// <summary>The options of <see cref="LoraPass"/>.</summary>
internal sealed record LoraOptions
{
    /// <summary>The model's file; null for the only <c>.onnx</c> file, or <c>model.onnx</c>.</summary>
    public string? File { get; set; }

    /// <summary>The LoRAs, in the order in which they are added.</summary>
    public required IReadOnlyList<LoraUse> Loras { get; set; }
}
