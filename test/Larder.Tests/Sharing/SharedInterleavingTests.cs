using Larder.Content;
using Larder.Sharing;

namespace Larder.Tests.Sharing;

/// <summary>Publishers, readers, and somebody who removes anything at any time, in interleavings that a seed chooses.</summary>
public sealed class SharedInterleavingTests
{
    private static CancellationToken Token => SharedCacheCalls.Token;

    [Fact]
    public async Task Readers_OfPublishersAndAPruner_NeverTakeWhatIsNotWholeForAHit()
    {
        var hits = 0;
        for (var seed = 1; seed <= 60; seed++)
            hits += await RunAsync(seed);
        Assert.True(hits > 60, $"Only {hits} hits: the claim was hardly tried.");
    }

    [Fact]
    public async Task Publishers_AfterAllIsQuiet_HaveLeftOneWholeAnswer()
    {
        for (var seed = 101; seed <= 130; seed++)
        {
            await using var team = new SharedTeam();
            var random = new Random(seed);
            team.Store.Before = (_, _) => YieldAsync(random);
            Answer[] answers = [.. Enumerable.Range(0, 4).Select(i => team.NewAnswer(SharedTeam.Key(), seed: i % 3))];

            var publications = await Task.WhenAll(answers.Select(answer => team.NewCache().PublishAsync(answer)));

            var manifest = await team.NewCache().ReadAsync(SharedTeam.Key());
            Assert.True(manifest is not null, $"Seed {seed}: no answer.");
            Assert.True(
                publications.All(publication => publication.Manifest == manifest.Digest),
                $"Seed {seed}: {string.Join(", ", publications.Select(publication => publication.Outcome))}."
            );
            Assert.True(
                publications.Count(publication => publication.Outcome == SharedOutcome.Published) == 1,
                $"Seed {seed}: not one was the first."
            );
        }
    }

    private static async Task<int> RunAsync(int seed)
    {
        await using var team = new SharedTeam();
        var random = new Random(seed);
        team.Store.Before = (_, _) => YieldAsync(random);
        EntryKey[] keys = [SharedTeam.Key("one"), SharedTeam.Key("two")];
        // Two keys share the files of seed 1, and each has results that differ.
        Answer[] answers = [.. Enumerable.Range(0, 6).Select(i => team.NewAnswer(keys[i % 2], seed: i / 2))];
        var hits = 0;
        var publishers = Task.WhenAll(
            answers.Select(async answer =>
            {
                await YieldAsync(random);
                await team.NewCache().PublishAsync(answer);
            })
        );
        var pruner = Task.Run(
            async () =>
            {
                for (var i = 0; i < 6; i++)
                {
                    await YieldAsync(random);
                    var names = team
                        .Store.Names.Where(name => !name.StartsWith("probe/", StringComparison.Ordinal))
                        .ToList();
                    if (names.Count > 0)
                        team.Store.Remove(names[Next(random, names.Count)]);
                }
            },
            Token
        );
        var reader = Task.Run(
            async () =>
            {
                var cache = team.NewCache();
                while (!publishers.IsCompleted || !pruner.IsCompleted)
                {
                    await ReadAsync(cache);
                    await Task.Yield();
                }
            },
            Token
        );
        await Task.WhenAll(publishers, pruner, reader);

        // Quiet now: a hit is whole to the byte, whatever was removed; and a publication always makes one.
        foreach (var answer in answers.Take(2))
        {
            await team.NewCache().PublishAsync(answer);
            Assert.True(await ReadAsync(team.NewCache(), answer.Key), $"Seed {seed}: no hit after a publication.");
        }
        return hits;

        async Task<bool> ReadAsync(SharedCache cache, EntryKey? key = null)
        {
            key ??= keys[Next(random, 2)];
            if (await cache.ReadAsync(key) is not { } manifest)
                return false;
            Interlocked.Increment(ref hits);
            Assert.True(
                answers.Any(answer => answer.Key.Equals(key) && answer.Manifest.Digest == manifest.Digest),
                $"Seed {seed}: a hit that nobody published."
            );
            // What is there under a blob's name is that blob, at any moment, or gone.
            foreach (var file in manifest.Files)
            {
                var bytes = team.Store.Find(SharedNames.Blob(file.Digest));
                Assert.True(bytes is null || Digest.Of(bytes) == file.Digest, $"Seed {seed}: other bytes.");
            }
            return true;
        }
    }

    private static async Task YieldAsync(Random random)
    {
        for (var i = Next(random, 5); i > 0; i--)
            await Task.Yield();
    }

    private static int Next(Random random, int most)
    {
        lock (random)
            return random.Next(most);
    }
}
