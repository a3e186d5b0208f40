namespace Larder.Onnx.Evaluations;

/// <summary>The options of <see cref="OnnxAccuracyEvaluation"/>.</summary>
/// <remarks>Set and not init: of a property that is only initialised, generated readers lose the default.</remarks>
internal sealed record AccuracyOptions
{
    /// <summary>The model's file; by default the only <c>.onnx</c> file, else <c>model.onnx</c>.</summary>
    public string? File { get; set; }

    /// <summary>The file of the workflow's input model, chosen alike.</summary>
    public string? InputFile { get; set; }

    /// <summary>What the outputs are compared with; those of the workflow's input model.</summary>
    public Against Against { get; set; }

    /// <summary>A file of samples or a directory of them; null to make inputs.</summary>
    public string? Inputs { get; set; }

    /// <summary>How many inputs are made where no file gives them; 8.</summary>
    public int Samples { get; set; } = 8;

    /// <summary>What inputs that are made depend on; 0.</summary>
    public int Seed { get; set; }

    /// <summary>The sizes of free dimensions of inputs that are made; 1 for those that are not named.</summary>
    public IReadOnlyDictionary<string, int> Dimensions { get; set; } =
        new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>The outputs that are compared; all that there is something to compare with.</summary>
    public IReadOnlyList<string>? Outputs { get; set; }

    /// <summary>The outputs whose last dimension holds a score for each class; null to tell by type and shape.</summary>
    public IReadOnlyList<string>? Scores { get; set; }

    /// <summary>What the figures must keep; none.</summary>
    public IReadOnlyDictionary<string, double> Limits { get; set; } =
        new Dictionary<string, double>(StringComparer.Ordinal);
}
