namespace Larder.Pull;

/// <summary>A pull that has work to do, and what this machine has of it.</summary>
/// <param name="Job">What is pulled.</param>
/// <param name="Start">The timestamp of its begin.</param>
/// <param name="Previous">The version that is stored; null for none.</param>
/// <param name="IsWhole">Whether all files of that are there.</param>
internal sealed record PullTurn(PullJob Job, long Start, KnownVersion? Previous, bool IsWhole)
{
    /// <summary>The answer when what is stored is the present version.</summary>
    public PullReport Revalidated() =>
        new(Previous!.Entry.Manifest, PullOutcome.Revalidated)
        {
            TimeToGet = Previous.Entry.Duration,
            AskedAt = Start,
        };
}
