using Larder.Content;
using Larder.Pull;

namespace Larder.Workers.Serving;

/// <summary>What a request came to the last time, and for how long that may answer it again without a look at the disk.</summary>
/// <param name="Graph">The key of its workers.</param>
/// <param name="Model">What they told.</param>
/// <param name="Checked">When the origin last said that this is its present version.</param>
/// <param name="StaleUntil">Until when its origin, which was down, is not asked again.</param>
internal sealed record ResolvedWorkers(
    EntryKey Graph,
    WorkerModelDescription Model,
    DateTimeOffset Checked,
    DateTimeOffset StaleUntil
)
{
    /// <summary>How it answers a request of its kind now; null when the files must be pulled first.</summary>
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
