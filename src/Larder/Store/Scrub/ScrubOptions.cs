namespace Larder.Store.Scrub;

/// <summary>How a server re-reads its store in the background.</summary>
public sealed record ScrubOptions
{
    /// <summary>How much is read in a second; 20 MB. 0 turns it off.</summary>
    public long BytesPerSecond { get; init; } = 20_000_000;

    /// <summary>How long it rests after everything has been read once; 7 days.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromDays(7);
}
