namespace Larder.Sharing.Administration;

/// <summary>What a verification found.</summary>
/// <param name="Entries">How many entries were looked at.</param>
/// <param name="BytesRead">Bytes of blobs that were read and hashed.</param>
/// <param name="Findings">What is wrong; empty when all is well. Nothing has been changed.</param>
public sealed record SharedVerification(long Entries, long BytesRead, IReadOnlyList<SharedFinding> Findings)
{
    /// <summary>Whether everything is as it should be.</summary>
    public bool IsWhole => Findings.Count == 0;
}
