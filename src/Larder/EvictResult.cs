namespace Larder;

/// <summary>What an eviction did, or would do.</summary>
/// <param name="Removed">References of the models that are gone; what was made from a model has its kind behind the reference.</param>
/// <param name="FreedBytes">Bytes that this gave back; what other models share stays.</param>
/// <param name="Kept">References of the models that were due and stayed because somebody holds a lease or a pin on them.</param>
public sealed record EvictResult(IReadOnlyList<string> Removed, long FreedBytes, IReadOnlyList<string> Kept)
{
    /// <summary>Bytes that the store holds afterwards.</summary>
    public long HeldBytes { get; init; }
}
