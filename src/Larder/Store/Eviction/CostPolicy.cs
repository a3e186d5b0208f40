namespace Larder.Store.Eviction;

/// <summary>The seconds that a version is likely to save, for each byte that it takes.</summary>
/// <remarks>
/// Use rate × seconds to get it again ÷ bytes that its removal frees: the worth of GreedyDual-Size-Frequency (Cherkasova,
/// 1998), with the rate aged by halves instead of a rising floor. What was never used counts as one use when it came.
/// </remarks>
internal sealed class CostPolicy : IEvictionPolicy
{
    // A local directory answers in no time: without a least cost everything from it would be worth nothing alike.
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(1);

    public string Name => "cost";

    public double Worth(in VersionFacts version)
    {
        var seconds = Math.Max(version.TimeToGet.TotalSeconds, LeastTime.TotalSeconds);
        return version.AgedUses * seconds / Math.Max(1, version.FreedBytes);
    }
}
