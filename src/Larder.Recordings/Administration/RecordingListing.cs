namespace Larder.Recordings.Administration;

/// <summary>The recordings of a directory.</summary>
/// <param name="Recordings">Sorted by their files.</param>
/// <param name="LastRun">The last run of all tests; null when none is noted.</param>
public sealed record RecordingListing(IReadOnlyList<ListedRecording> Recordings, NotedRun? LastRun);
