namespace Larder.Recordings.Administration;

/// <summary>How recordings are pruned.</summary>
public sealed record RecordingsPruneOptions
{
    /// <summary>Say what would go, and remove nothing; false.</summary>
    public bool DryRun { get; init; }
}
