namespace Larder.Recordings.Administration;

/// <summary>Something that is wrong with a directory of recordings.</summary>
/// <param name="File">Its path in the directory.</param>
/// <param name="Problem">What is wrong and what to do, a sentence or two.</param>
public sealed record RecordingFault(string File, string Problem);
