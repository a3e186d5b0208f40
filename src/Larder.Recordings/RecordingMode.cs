namespace Larder.Recordings;

/// <summary>What becomes of a call.</summary>
public enum RecordingMode
{
    /// <summary>It is made, and nothing is recorded: services are not even wrapped.</summary>
    Live,

    /// <summary>It is answered from its recording; a missing one is a <see cref="RecordingMissingException"/>, never a call.</summary>
    Replay,

    /// <summary>It is made, and its recording written or written anew.</summary>
    Record,

    /// <summary>It is answered from its recording, or made and recorded where there is none.</summary>
    RecordMissing,

    /// <summary>It is made and compared with its recording; nothing is written.</summary>
    Compare,
}
