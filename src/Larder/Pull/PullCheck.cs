using Larder.Origins;

namespace Larder.Pull;

/// <summary>When the version of a reference was last found to be its present one, and what that still answers.</summary>
/// <param name="Checked">When the origin last said so.</param>
/// <param name="StaleUntil">Until when its origin, which was down, is not asked again.</param>
internal readonly record struct PullCheck(DateTimeOffset Checked, DateTimeOffset StaleUntil)
{
    // How long a version goes on being served, without another try, when its origin was down.
    private static readonly TimeSpan StaleFor = TimeSpan.FromSeconds(10);

    /// <summary>What a pull that has ended found.</summary>
    public static PullCheck Of(
        ModelCache files,
        ModelReference reference,
        PullOptions pull,
        PulledFiles pulled,
        DateTimeOffset now
    )
    {
        // A hit was checked some time ago, perhaps by another process: its time goes on, it does not begin anew.
        var stored = files.Find(reference, pull);
        return new PullCheck(
            stored?.Digest == pulled.Manifest.Digest ? stored.Checked : DateTimeOffset.MinValue,
            pulled.Outcome == PullOutcome.Stale ? now + StaleFor : DateTimeOffset.MinValue
        );
    }

    /// <summary>How a pull is answered now without a look at the disk; null when the files must be pulled first.</summary>
    /// <remarks>Asked with the request's own options: two callers of one model may differ in how fresh they want it.</remarks>
    public PullOutcome? OutcomeAt(DateTimeOffset now, PullOptions pull)
    {
        if (pull.Refresh)
            return null;
        // A check in the future is a clock that was set back: it proves nothing.
        var age = now - Checked;
        if (pull.Offline || pull.Digest is not null || (age >= TimeSpan.Zero && age < pull.FreshFor))
            return PullOutcome.Hit;
        return pull.StaleIfError && now < StaleUntil ? PullOutcome.Stale : null;
    }
}
