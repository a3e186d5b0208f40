namespace Larder.Recordings;

/// <summary>A live answer has drifted from its recording, in <see cref="RecordingMode.Compare"/>.</summary>
public sealed class RecordingDriftException : RecordingException
{
    internal RecordingDriftException(RecordingDrift drift)
        : base(DriftMessage.Of([drift])) => Drift = drift;

    /// <summary>What has drifted, and how.</summary>
    public RecordingDrift Drift { get; }
}
