namespace Larder.Recordings.Administration;

/// <summary>What a verification of recordings found.</summary>
/// <param name="Checked">How many recordings were read.</param>
/// <param name="Faults">All that is wrong, sorted by file.</param>
public sealed record RecordingsVerification(int Checked, IReadOnlyList<RecordingFault> Faults)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsWhole => Faults.Count == 0;
}
