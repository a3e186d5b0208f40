namespace Larder;

/// <summary>What a clear would do now.</summary>
/// <param name="Removed">What would go, models and what was made from them.</param>
/// <param name="Kept">What was asked for and would stay.</param>
/// <param name="FreedBytes">Bytes that this would give back; what other models share stays.</param>
internal sealed record ClearPreview(
    IReadOnlyList<ClearCandidate> Removed,
    IReadOnlyList<ClearCandidate> Kept,
    long FreedBytes
);
