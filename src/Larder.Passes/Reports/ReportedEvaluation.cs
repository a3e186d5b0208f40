using Larder.Passes.Running;

namespace Larder.Passes.Reports;

/// <summary>An evaluation in a report.</summary>
/// <param name="Name">What the workflow calls it.</param>
/// <param name="Type">The kind of evaluation.</param>
/// <param name="Outcome">How it came to its answer.</param>
public sealed record ReportedEvaluation(string Name, string Type, StepOutcome Outcome)
{
    /// <summary>The pass whose result was measured; null for the workflow's input.</summary>
    public string? Of { get; init; }

    /// <summary>The figures, by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } =
        new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>What the figures are compared with, such as those of an earlier model of the chain; none.</summary>
    public IReadOnlyDictionary<string, double> Baseline { get; init; } =
        new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>What the baseline is, such as the name of another evaluation; null where there is none.</summary>
    public string? BaselineName { get; init; }

    /// <summary>The limits that the figures miss; a sentence for each.</summary>
    public IReadOnlyList<string> Missed { get; init; } = [];

    /// <summary>Seconds that the run spent on it.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds of work on it that others had done before.</summary>
    public double SecondsSaved { get; init; }

    /// <summary>Bytes of its figures that came over the network.</summary>
    public long BytesFetched { get; init; }
}
