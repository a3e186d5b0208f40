using Larder.Content;

namespace Larder.Passes.Running;

/// <summary>What became of one pass of a run.</summary>
public sealed record PassResult
{
    /// <summary>What the workflow calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of pass.</summary>
    public required string Type { get; init; }

    /// <summary>Its key in the chain: the SHA-256 of its request.</summary>
    public required Digest Key { get; init; }

    /// <summary>How it came to its answer.</summary>
    public required StepOutcome Outcome { get; init; }

    /// <summary>Whether a hit was one by its input's bytes, after another chain of passes had led to the same ones.</summary>
    public bool ByContent { get; init; }

    /// <summary>Seconds that this run spent on it: running it, or fetching its files.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds that it took whoever ran it, and so not this run; 0 where it was run, or nobody knows.</summary>
    public double SecondsSaved { get; init; }

    /// <summary>Bytes of its files that came over the network.</summary>
    public long BytesFetched { get; init; }

    /// <summary>The version of the model that it made; null where that is not known.</summary>
    public Digest? Manifest { get; init; }

    /// <summary>Bytes of all its files; null where that is not known.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Where its answer was before the run, or what differs from the nearest; null unless that was asked for.</summary>
    public StepExplanation? Explanation { get; init; }
}
