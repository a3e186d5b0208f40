using Larder.Content;

namespace Larder.Passes.Running;

/// <summary>What became of one evaluation of a run.</summary>
public sealed record EvaluationResult
{
    /// <summary>What the workflow calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of evaluation.</summary>
    public required string Type { get; init; }

    /// <summary>The name of the pass whose result was measured; null for the workflow's input, where there is no pass.</summary>
    public string? Of { get; init; }

    /// <summary>Its key in the chain: the SHA-256 of its request.</summary>
    public required Digest Key { get; init; }

    /// <summary>How it came to its answer.</summary>
    public required StepOutcome Outcome { get; init; }

    /// <summary>Whether a hit was one by the bytes of the model that is measured.</summary>
    public bool ByContent { get; init; }

    /// <summary>Its figures, by name.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>The limits of the workflow that the figures miss, a sentence for each; the run has failed where there is one.</summary>
    public IReadOnlyList<string> Missed { get; init; } = [];

    /// <summary>Seconds that this run spent on it.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds that it took whoever ran it, and so not this run; 0 where it was run.</summary>
    public double SecondsSaved { get; init; }

    /// <summary>Bytes of its figures that came over the network.</summary>
    public long BytesFetched { get; init; }

    /// <summary>Where its answer was before the run, or what differs from the nearest; null unless that was asked for.</summary>
    public StepExplanation? Explanation { get; init; }
}
