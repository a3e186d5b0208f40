namespace Larder.Store.Scrub;

/// <summary>What a verification did and found.</summary>
public sealed record VerifyReport
{
    /// <summary>Blobs, manifests, entries and snapshots that were checked.</summary>
    public required int Checked { get; init; }

    /// <summary>Bytes that were read, second looks included.</summary>
    public required long BytesRead { get; init; }

    /// <summary>How long it took, repairs included.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>All that was found, in the order of paths.</summary>
    public required IReadOnlyList<VerifyFinding> Findings { get; init; }

    /// <summary>What was damaged or missing.</summary>
    public int Damaged => Findings.Count(finding => finding.IsDamage);

    /// <summary>What of it is right again.</summary>
    public int Repaired => Findings.Count(finding => finding.IsRepaired);

    /// <summary>What of it was moved to the quarantine; a snapshot that went with its damaged blob does not count again.</summary>
    public int Quarantined => Findings.Count(finding => finding.QuarantinePath is not null);

    /// <summary>What could not be read.</summary>
    public int Unreadable => Findings.Count(finding => finding.Fault == FindingFault.Unreadable);

    /// <summary>What was read wrong once and right the second time.</summary>
    public int TransientErrors => Findings.Count(finding => finding.Fault == FindingFault.TransientRead);

    /// <summary>Whether all that was checked is right, now.</summary>
    public bool IsWhole => Damaged == Repaired && Unreadable == 0;
}
