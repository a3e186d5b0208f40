using Larder.Content;

namespace Larder.Passes.Running;

/// <summary>Where the answer of a step is, or why it is nowhere.</summary>
public sealed record StepExplanation
{
    /// <summary>What the workflow calls the pass or evaluation.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of pass or evaluation.</summary>
    public required string Type { get; init; }

    /// <summary>Its key in the chain.</summary>
    public required Digest Key { get; init; }

    /// <summary>The whole request, canonical JSON.</summary>
    public required string Request { get; init; }

    /// <summary>Where its answer is: <see cref="StepOutcome.LocalHit"/>, <see cref="StepOutcome.SharedHit"/> or <see cref="StepOutcome.Miss"/>.</summary>
    public required StepOutcome Outcome { get; init; }

    /// <summary>Whether a hit is one by its input's bytes.</summary>
    public bool ByContent { get; init; }

    /// <summary>The version of the model that it made; null on a miss.</summary>
    public Digest? Manifest { get; init; }

    /// <summary>Bytes of all its files; null on a miss.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>On a miss the key of the local entry of the same kind of step that differs least; null where there is none.</summary>
    public Digest? Nearest { get; init; }

    /// <summary>In what that one differs.</summary>
    public IReadOnlyList<KeyDifference> Differences { get; init; } = [];

    /// <summary>The failure that is remembered of it, in words; null where there is none.</summary>
    public string? Failure { get; init; }
}
