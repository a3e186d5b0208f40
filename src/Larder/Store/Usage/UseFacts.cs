namespace Larder.Store.Usage;

/// <summary>How an entry was used.</summary>
/// <param name="Uses">How often.</param>
/// <param name="AgedUses">How often, each use counting half for every week between it and <paramref name="LastUse"/>.</param>
/// <param name="LastUse">When last.</param>
internal readonly record struct UseFacts(long Uses, double AgedUses, DateTimeOffset LastUse)
{
    private static readonly TimeSpan HalfLife = TimeSpan.FromDays(7);

    /// <summary>What was never used yet.</summary>
    public static readonly UseFacts None = new(0, 0, DateTimeOffset.UnixEpoch);

    /// <summary>One use more.</summary>
    public UseFacts Add(DateTimeOffset time) => new(Uses + 1, AgedAt(time) + 1, time > LastUse ? time : LastUse);

    /// <summary>The aged uses as they count at a time. A clock that was set back makes nothing younger.</summary>
    public double AgedAt(DateTimeOffset time) =>
        time <= LastUse ? AgedUses : AgedUses * Math.Pow(0.5, (time - LastUse) / HalfLife);
}
