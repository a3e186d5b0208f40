namespace Larder.Onnx.Evaluations;

/// <summary>The options of <see cref="OnnxLatencyEvaluation"/>.</summary>
internal sealed record LatencyOptions
{
    /// <summary>The model's file; by default the only <c>.onnx</c> file, else <c>model.onnx</c>.</summary>
    public string? File { get; init; }

    /// <summary>A file of samples, the first of which is run; null to make inputs.</summary>
    public string? Inputs { get; init; }

    /// <summary>The sizes of free dimensions of inputs that are made; 1 for those that are not named.</summary>
    public IReadOnlyDictionary<string, int> Dimensions { get; init; } =
        new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>What inputs that are made depend on; 0.</summary>
    public int Seed { get; init; }

    /// <summary>Runs before the clock is looked at; 5.</summary>
    public int Warmup { get; init; } = 5;

    /// <summary>The fewest runs that are timed; 50.</summary>
    public int Runs { get; init; } = 50;

    /// <summary>The shortest time to go on for; 0.</summary>
    public double Seconds { get; init; }

    /// <summary>Threads that work on one operator; 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What the figures must keep; none.</summary>
    public IReadOnlyDictionary<string, double> Limits { get; init; } =
        new Dictionary<string, double>(StringComparer.Ordinal);
}
