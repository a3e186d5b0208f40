using System.Collections.Concurrent;

namespace Larder.Tests.Faults;

/// <summary>A host whose Nth call of one kind fails: once or from then on, for every N, whatever it is doing.</summary>
/// <remarks>
/// It must end with success or with a message of Larder's own. Afterwards, without the fault, what was acknowledged is there,
/// a sweep leaves nothing behind, and the same operation succeeds.
/// </remarks>
public sealed class FaultTests(ITestOutputHelper output)
{
    // More calls of one kind than any of the operations makes.
    private const int TooMany = 1000;
    private const string ReadFlip = "read:flip";

    // The faults, and about how many calls of that kind the longest operation makes.
    private static readonly Dictionary<string, int> Calls = new(StringComparer.Ordinal)
    {
        ["open:EMFILE"] = 80,
        [ReadFlip] = 8,
        ["read:EIO"] = 8,
        ["write:ENOSPC"] = 8,
        ["write:EIO"] = 8,
        ["write:torn"] = 8,
        ["write:lie"] = 8,
        ["fsync:EIO"] = 32,
        ["rename:EIO"] = 4,
        ["link:EIO"] = 12,
        ["mkdir:ENOSPC"] = 24,
        ["unlink:EIO"] = 16,
        ["fallocate:ENOSPC"] = 4,
        ["stat:EIO"] = 64,
    };

    public static TheoryData<string> Faults => [.. Calls.Keys];

    [Theory]
    [Trait("Category", "Integration")]
    [MemberData(nameof(Faults))]
    public async Task Host_OneOfItsCallsFails_EndsCleanlyAndHarmsNothing(string fault)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var chains = ChainsOf(fault).ToArray();
        random.Shuffle(chains);
        var draws = chains
            .Take(3)
            .Select(chain => (chain.Verb, chain.Always, Random: new Random(random.Next())))
            .ToList();
        var count = 0;

        await AllAsync(
            draws,
            async (draw, failures) =>
            {
                // Not so many calls: then one of those that there were.
                for (var upper = Calls[fault]; upper > 0; )
                {
                    var call = draw.Random.Next(upper) + 1;
                    Interlocked.Increment(ref count);
                    if (await MeetsAsync(new FaultCase(draw.Verb, fault, call, draw.Always), failures))
                        return;
                    upper = call - 1;
                }
            }
        );
        output.WriteLine($"{count} runs");
    }

    [Theory]
    [Trait("Category", "Full")]
    [MemberData(nameof(Faults))]
    public async Task Host_EachOfItsCallsFailsInTurn_EndsCleanlyAndHarmsNothing(string fault)
    {
        var count = 0;
        await AllAsync(
            ChainsOf(fault),
            async (chain, failures) =>
                Interlocked.Add(ref count, await WalkAsync(chain.Verb, fault, chain.Always, failures))
        );
        output.WriteLine($"{count} runs");
    }

    // Who reads every byte wrong, twice, believes what he reads: he may remove what others need. Once is another matter.
    private static IEnumerable<(FaultedVerb Verb, bool Always)> ChainsOf(string fault) =>
        from verb in Enum.GetValues<FaultedVerb>()
        from always in new[] { false, true }
        where
            (verb, always, fault) is not (FaultedVerb.Clear or FaultedVerb.Evict or FaultedVerb.Repair, true, ReadFlip)
        select (verb, always);

    private static async Task AllAsync<T>(IEnumerable<T> items, Func<T, ConcurrentBag<string>, Task> run)
    {
        var failures = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            items,
            TestContext.Current.CancellationToken,
            async (item, _) => await run(item, failures)
        );
        AssertNone(failures);
    }

    private static void AssertNone(ConcurrentBag<string> failures) =>
        Assert.True(failures.IsEmpty, string.Join("\n---\n", failures.Order(StringComparer.Ordinal)));

    /// <summary>Every call from the first to the one that there is not; returns the number of runs.</summary>
    private static async Task<int> WalkAsync(
        FaultedVerb verb,
        string fault,
        bool always,
        ConcurrentBag<string> failures
    )
    {
        var call = 1;
        while (call < TooMany && await MeetsAsync(new FaultCase(verb, fault, call, always), failures))
            call++;
        if (call == TooMany)
            failures.Add($"{verb} with {fault} makes {TooMany} calls and more: it goes round in circles.");
        return call;
    }

    private static async Task<bool> MeetsAsync(FaultCase faultCase, ConcurrentBag<string> failures)
    {
        var (met, failure) = await faultCase.RunAsync(TestContext.Current.CancellationToken);
        if (failure is not null)
            failures.Add(failure);
        return met;
    }
}
