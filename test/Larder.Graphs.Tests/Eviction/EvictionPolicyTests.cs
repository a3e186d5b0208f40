using Larder.Graphs.Eviction;

namespace Larder.Graphs.Tests.Eviction;

public sealed class EvictionPolicyTests
{
    private static readonly GraphFacts Facts = new(4, 4, 10, TimeSpan.FromSeconds(10), 1000);

    [Theory]
    [InlineData("cost")]
    [InlineData("lru")]
    [InlineData("lfu")]
    public void Find_Name_IsThatPolicy(string name) => Assert.Equal(name, EvictionPolicies.Find(name)!.Name);

    [Fact]
    public void Cost_MoreUsesOrSecondsOrLessBytes_IsWorthMore()
    {
        var policy = new CostPolicy();

        Assert.Equal(0.04, policy.Worth(Facts), precision: 12);
        Assert.True(policy.Worth(Facts with { AgedUses = 5 }) > policy.Worth(Facts));
        Assert.True(policy.Worth(Facts with { LoadTime = TimeSpan.FromSeconds(11) }) > policy.Worth(Facts));
        Assert.True(policy.Worth(Facts with { FreedBytes = 999 }) > policy.Worth(Facts));
    }

    [Fact]
    public void Cost_NoBytesAndNoTime_IsStillANumberThatGrowsWithUse()
    {
        var policy = new CostPolicy();
        var free = Facts with { LoadTime = TimeSpan.Zero, FreedBytes = 0 };

        Assert.InRange(policy.Worth(free), 1e-6, 1e6);
        Assert.True(policy.Worth(free with { AgedUses = 5 }) > policy.Worth(free));
    }

    [Fact]
    public void Lru_OnlyTheOrderMatters()
    {
        var policy = new LruPolicy();

        Assert.Equal(policy.Worth(Facts), policy.Worth(Facts with { AgedUses = 99, FreedBytes = 1 }));
        Assert.True(policy.Worth(Facts with { IdleOrder = 11 }) > policy.Worth(Facts));
    }

    [Fact]
    public void Lfu_OnlyTheNumberOfUsesMatters()
    {
        var policy = new LfuPolicy();

        Assert.Equal(policy.Worth(Facts), policy.Worth(Facts with { IdleOrder = 99, FreedBytes = 1 }));
        Assert.True(policy.Worth(Facts with { Uses = 5 }) > policy.Worth(Facts));
    }
}
