namespace Larder.Store.Eviction;

/// <summary>Where a version stands in the order of removal; the least goes first.</summary>
/// <param name="Tier">Earlier versions, which no entry names, before all others; what frees nothing after all others.</param>
/// <param name="Worth">What the policy says.</param>
/// <param name="LastUse">Among equals, what was used longest ago goes first.</param>
internal readonly record struct VictimRank(int Tier, double Worth, DateTimeOffset LastUse)
{
    public const int Superseded = 0;
    public const int Freeing = 1;
    public const int FreesNothing = 2;

    /// <summary>The order of removal.</summary>
    public static readonly Comparer<VictimRank> Order = Comparer<VictimRank>.Create(Compare);

    private static int Compare(VictimRank first, VictimRank second)
    {
        var byTier = first.Tier.CompareTo(second.Tier);
        if (byTier != 0)
            return byTier;
        var byWorth = first.Worth.CompareTo(second.Worth);
        return byWorth != 0 ? byWorth : first.LastUse.CompareTo(second.LastUse);
    }
}
