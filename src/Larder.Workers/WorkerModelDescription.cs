using Larder.Content;

namespace Larder.Workers;

/// <summary>What a loaded model is.</summary>
/// <param name="Version">The version of its files: the digest of their manifest.</param>
/// <param name="Name">What its worker calls it; null when it does not tell.</param>
/// <param name="Inputs">What it takes; null when its worker does not tell.</param>
/// <param name="Outputs">What it gives; null when its worker does not tell.</param>
public sealed record WorkerModelDescription(
    Digest Version,
    string? Name,
    IReadOnlyList<WorkerValue>? Inputs,
    IReadOnlyList<WorkerValue>? Outputs
);
