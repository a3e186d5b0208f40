namespace Larder;

/// <summary>What a clear did.</summary>
/// <param name="RemovedEntries">Models that are gone; what was made from them goes with them, and is not counted.</param>
/// <param name="FreedBytes">Bytes that this gave back; what other models share stays.</param>
/// <param name="KeptInUse">References of the models that stayed because somebody holds a lease on them.</param>
public sealed record ClearResult(int RemovedEntries, long FreedBytes, IReadOnlyList<string> KeptInUse);
