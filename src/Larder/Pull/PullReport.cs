using Larder.Content;

namespace Larder.Pull;

/// <summary>How a pull was answered, before anybody holds a lease on what it made.</summary>
internal sealed record PullReport(Digest Manifest, PullOutcome Outcome, int FilesFetched = 0, long BytesFetched = 0)
{
    /// <summary>Bytes that came from the team's shared store.</summary>
    public long BytesFromShared { get; init; }

    /// <summary>How long the files took to get when they came; zero when they came now or nobody knows.</summary>
    public TimeSpan TimeToGet { get; init; }

    /// <summary>The answer is at least as new as this timestamp of the clock.</summary>
    public long AskedAt { get; init; }

    /// <summary>Whether the flight was this caller's; its bytes are counted once, not for all who boarded it.</summary>
    public bool IsOwn { get; init; }
}
