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
        var verbs = VerbsFor(fault);
        random.Shuffle(verbs);
        var draws = verbs
            .Take(3)
            .Select(verb => (verb, Always: random.Next(2) == 0, Random: new Random(random.Next())))
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
                    if (await MeetsAsync(new FaultCase(draw.verb, fault, call, draw.Always), failures))
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
        var chains = from verb in VerbsFor(fault) from always in new[] { false, true } select (verb, always);

        await AllAsync(
            chains,
            async (chain, failures) =>
                Interlocked.Add(ref count, await WalkAsync(chain.verb, fault, chain.always, failures))
        );
        output.WriteLine($"{count} runs");
    }

    [Theory(Skip = "what reads wrong once is taken for absent: a clear removes what it reaches, a copy keeps it")]
    [InlineData(FaultedVerb.Clear, false)]
    [InlineData(FaultedVerb.Clear, true)]
    [InlineData(FaultedVerb.FirstPullCopied, false)]
    [InlineData(FaultedVerb.FirstPullCopied, true)]
    internal async Task Host_OneBitIsReadWrong_EndsCleanlyAndHarmsNothing(FaultedVerb verb, bool always)
    {
        var failures = new ConcurrentBag<string>();
        await WalkAsync(verb, ReadFlip, always, failures);
        AssertNone(failures);
    }

    // Two do harm today and have a test of their own above, which is not run yet.
    private static FaultedVerb[] VerbsFor(string fault) =>
        [
            .. Enum.GetValues<FaultedVerb>()
                .Where(verb => (verb, fault) is not (FaultedVerb.Clear or FaultedVerb.FirstPullCopied, ReadFlip)),
        ];

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
