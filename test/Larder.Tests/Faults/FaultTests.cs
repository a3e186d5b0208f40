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

    /// <summary>The faults, and about how many calls of that kind the longest operation makes.</summary>
    public static TheoryData<string, int> Faults =>
        new()
        {
            { "open:EMFILE", 80 },
            { "read:EIO", 8 },
            { "read:flip", 8 },
            { "write:ENOSPC", 8 },
            { "write:EIO", 8 },
            { "write:torn", 8 },
            { "write:lie", 8 },
            { "fsync:EIO", 32 },
            { "rename:EIO", 4 },
            { "link:EIO", 12 },
            { "mkdir:ENOSPC", 32 },
            { "unlink:EIO", 16 },
            { "fallocate:ENOSPC", 4 },
            { "stat:EIO", 64 },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Host_OneOfItsCallsFails_EndsCleanlyAndHarmsNothing(string fault, int calls)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var draws = Enum.GetValues<FaultedVerb>()
            .Select(verb => (verb, Always: random.Next(2) == 0, Random: new Random(random.Next())))
            .ToList();
        var count = 0;

        await AllAsync(
            draws,
            async (draw, failures) =>
            {
                // Not so many calls: then one of those that there were.
                for (var upper = calls; upper > 0; )
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
    public async Task Host_EachOfItsCallsFailsInTurn_EndsCleanlyAndHarmsNothing(string fault, int calls)
    {
        _ = calls;
        var count = 0;
        var chains =
            from verb in Enum.GetValues<FaultedVerb>()
            from always in new[] { false, true }
            select (verb, always);

        await AllAsync(
            chains,
            async (chain, failures) =>
            {
                var call = 1;
                while (call < TooMany && await MeetsAsync(new FaultCase(chain.verb, fault, call, chain.always), failures))
                    call++;
                Interlocked.Add(ref count, call);
            }
        );
        output.WriteLine($"{count} runs");
    }

    private static async Task AllAsync<T>(IEnumerable<T> items, Func<T, ConcurrentBag<string>, Task> run)
    {
        var failures = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            items,
            TestContext.Current.CancellationToken,
            async (item, _) => await run(item, failures)
        );
        Assert.True(failures.IsEmpty, string.Join("\n---\n", failures.Order(StringComparer.Ordinal)));
    }

    private static async Task<bool> MeetsAsync(FaultCase faultCase, ConcurrentBag<string> failures)
    {
        var (met, failure) = await faultCase.RunAsync(TestContext.Current.CancellationToken);
        if (failure is not null)
            failures.Add(failure);
        return met;
    }
}
