namespace Larder.Recordings.Administration;

/// <summary>What was pruned, or would be.</summary>
/// <param name="Files">The removed files by their paths in the directory: recordings, attachments, what killed writers left.</param>
/// <param name="Recordings">How many of them are recordings.</param>
/// <param name="FreedBytes">Their size.</param>
/// <param name="IsDryRun">Whether nothing was removed.</param>
public sealed record RecordingsPruneResult(IReadOnlyList<string> Files, int Recordings, long FreedBytes, bool IsDryRun);
