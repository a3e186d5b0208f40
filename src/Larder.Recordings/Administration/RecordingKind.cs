namespace Larder.Recordings.Administration;

/// <summary>What came of a recorded call.</summary>
public enum RecordingKind
{
    /// <summary>An answer, or nothing where the method answers nothing.</summary>
    Answer,

    /// <summary>The items of a stream, whether it ended or failed.</summary>
    Stream,

    /// <summary>An error.</summary>
    Error,

    /// <summary>Nobody knows: the recording cannot be read.</summary>
    Damaged,
}
