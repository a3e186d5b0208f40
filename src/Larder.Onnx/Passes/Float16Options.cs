namespace Larder.Onnx.Passes;

/// <summary>The options of <see cref="Float16Pass"/>.</summary>
internal sealed record Float16Options
{
    /// <summary>The model's file; null for the only <c>.onnx</c> file, or <c>model.onnx</c>.</summary>
    public string? File { get; set; }

    /// <summary>Whether inputs and outputs of the model stay float32; true.</summary>
    public bool KeepIoTypes { get; set; } = true;

    /// <summary>Operators that go on in float32, besides those that have to; none.</summary>
    public IReadOnlyList<string> KeepOps { get; set; } = [];

    /// <summary>What becomes of weights that are too large; clamp.</summary>
    public Float16Overflow Overflow { get; set; } = Float16Overflow.Clamp;
}
