namespace Larder.Onnx.Evaluations;

/// <summary>The options of <see cref="OnnxLatencyEvaluation"/>.</summary>
/// <remarks>Set and not init: of a property that is only initialised, generated readers lose the default.</remarks>
internal sealed record LatencyOptions
{
    /// <summary>The model's file; by default the only <c>.onnx</c> file, else <c>model.onnx</c>.</summary>
    public string? File { get; set; }

    /// <summary>A file of samples, the first of which is run; null to make inputs.</summary>
    public string? Inputs { get; set; }

    /// <summary>The sizes of free dimensions of inputs that are made; 1 for those that are not named.</summary>
    public IReadOnlyDictionary<string, int> Dimensions { get; set; } =
        new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>What inputs that are made depend on; 0.</summary>
    public int Seed { get; set; }

    /// <summary>Runs before the clock is looked at; 5.</summary>
    public int Warmup { get; set; } = 5;

    /// <summary>The fewest runs that are timed; 50.</summary>
    public int Runs { get; set; } = 50;

    /// <summary>The shortest time to go on for; 0.</summary>
    public double Seconds { get; set; }

    /// <summary>Threads that work on one operator; 1.</summary>
    public int Threads { get; set; } = 1;

    /// <summary>What the figures must keep; none.</summary>
    public IReadOnlyDictionary<string, double> Limits { get; set; } =
        new Dictionary<string, double>(StringComparer.Ordinal);
}
