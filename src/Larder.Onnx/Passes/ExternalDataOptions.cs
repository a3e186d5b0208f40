namespace Larder.Onnx.Passes;

/// <summary>The options of <see cref="ExternalDataPass"/>.</summary>
internal sealed record ExternalDataOptions
{
    /// <summary>In the name of a data file, stands for the name of its tensor.</summary>
    public const string TensorPlace = "{tensor}";

    /// <summary>The model's file; null for the only <c>.onnx</c> file, or <c>model.onnx</c>.</summary>
    public string? File { get; set; }

    /// <summary>Which way.</summary>
    public required ExternalDataMode Mode { get; set; }

    /// <summary>Smaller weights stay in the model's own file, in bytes, at least 256; 1024.</summary>
    public long Threshold { get; set; } = 1024;

    /// <summary>
    /// The file for the weights, beside the model's own; with <see cref="TensorPlace"/> in it, one for each weight. Null for
    /// the model's file with <c>.data</c> after it.
    /// </summary>
    public string? DataFile { get; set; }

    /// <summary>Each weight begins at a multiple of that many bytes, a power of two; 4096, the size of a page.</summary>
    public long Alignment { get; set; } = 4096;
}
