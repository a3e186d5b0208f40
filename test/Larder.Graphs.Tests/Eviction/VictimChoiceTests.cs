using FsCheck;
using FsCheck.Fluent;
using Larder.Graphs.Budgets;
using Larder.Graphs.Eviction;

namespace Larder.Graphs.Tests.Eviction;

/// <summary>Claims about every choice of victims by every policy; a failure shows the graphs and the seed.</summary>
public sealed class VictimChoiceTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(400);

    public static TheoryData<string> Policies => [.. EvictionPolicies.Names];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Enough_AnyGraphs_NeverChoosesWhatIsHeld(string policy) =>
        Holds(
            policy,
            (world, victims) =>
                victims is null
                || victims.All(victim =>
                    world.HoldersOf(victim).All(holder => holder is not null && victims.Contains(holder))
                )
        );

    [Theory]
    [MemberData(nameof(Policies))]
    public void Enough_AnyGraphs_FreesAtLeastTheNeed(string policy) =>
        Holds(policy, (world, victims) => victims is null || world.IsMetWithout(victims));

    [Theory]
    [MemberData(nameof(Policies))]
    public void Enough_AnyGraphs_NoVictimCouldHaveStayed(string policy) =>
        Holds(
            policy,
            (world, victims) =>
                victims is null
                || victims.All(spared =>
                {
                    // Who stays keeps what it is made of.
                    var gone = victims.Where(victim => victim != spared && !spared.IsMadeOf(victim));
                    return !world.IsMetWithout([.. gone]);
                })
        );

    [Theory]
    [MemberData(nameof(Policies))]
    public void Enough_AnyGraphs_RefusesOnlyWhereAllTogetherAreNotEnough(string policy) =>
        Holds(policy, (world, victims) => victims is not null == world.IsMetWithout(world.AllThatCanGo()));

    [Theory]
    [MemberData(nameof(Policies))]
    public void Enough_AnyGraphs_PartsComeAfterWhatTheyArePartsOf(string policy) =>
        Holds(
            policy,
            (_, victims) =>
                victims is null
                || victims.Index().All(later => !victims.Take(later.Index).Any(earlier => later.Item.IsMadeOf(earlier)))
        );

    [Theory]
    [MemberData(nameof(Policies))]
    public void AsManyAsThereAre_AnyGraphs_ChoosesTheSameWhereThereAreEnough(string policy) =>
        Holds(
            policy,
            (world, victims) =>
                victims is null
                || victims.SequenceEqual(
                    VictimChoice
                        .AsManyAsThereAre(Policy(policy), world.Candidates(), world.Missing())
                        .Select(world.GraphOf)
                )
        );

    [Fact]
    public void Enough_OneLargeVictimServes_LetsTheSmallOnesOff()
    {
        Candidate[] graphs = [Idle(10, order: 1), Idle(10, order: 2), Idle(90, order: 3)];

        var victims = VictimChoice.Enough(Policy("lru"), graphs, Missing(bytes: 80))!;

        Assert.Equal([graphs[2]], victims);
    }

    [Fact]
    public void Enough_GraphsAreWorthTheSame_TakesTheOneIdleForLongest()
    {
        Candidate[] graphs = [Idle(10, order: 2), Idle(10, order: 1), Idle(10, order: 3)];

        var victims = VictimChoice.Enough(Policy("cost"), graphs, Missing(bytes: 5))!;

        Assert.Equal([graphs[1]], victims);
    }

    private static Candidate Idle(long bytes, long order) =>
        new([])
        {
            Size = GraphSize.OfHost(bytes),
            Holders = 0,
            Facts = new GraphFacts(0, 0, order, TimeSpan.Zero, 1),
        };

    private static Demand Missing(long bytes)
    {
        var missing = new Demand();
        missing.Set(GraphDevice.Host, new(0, bytes));
        return missing;
    }

    private static IEvictionPolicy Policy(string name) => EvictionPolicies.Find(name)!;

    private static void Holds(string policy, Func<RandomWorld, IReadOnlyList<RandomGraph>?, bool> claim) =>
        Check.One(
            Config,
            Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed =>
                {
                    var world = new RandomWorld(new Random(seed));
                    var victims = VictimChoice.Enough(Policy(policy), world.Candidates(), world.Missing());
                    return claim(world, victims is null ? null : [.. victims.Select(world.GraphOf)]);
                }
            )
        );
}
