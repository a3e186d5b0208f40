using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Passes.Running;
using Larder.TestKit;

namespace Larder.Passes.Tests.Running;

public sealed class RandomChainTests
{
    private const int Runs = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task RunAsync_RandomChainsAndLosses_AlwaysGivesWhatComputingGives(int seed)
    {
        // Seeds are in the names of the tests.
        var random = new Random(seed);
        var team = new FakeSharedStore();
        var origin = new FakeOrigin().Put("model.bin", TestBytes.Of(3000, seed));
        using var first = new Machine(origin, team);
        using var second = new Machine(origin, team, new Sharing.SharedCacheOptions { Leases = false, Write = false });
        Machine[] machines = [first, second];
        for (var run = 0; run < Runs; run++)
        {
            var machine = machines[random.Next(2)];
            var configs = Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomConfig(random)).ToArray();
            var expected = configs.Aggregate(
                TestBytes.Of(3000, seed),
                (bytes, config) => FakePass.Transform(bytes, JsonNode.Parse(config)!.AsObject())
            );

            using var result = await machine.Runner.RunAsync(machine.Flow(configs), cancellationToken: Token);

            Assert.Equal(
                Digest.Of(expected),
                Digest.Of(await File.ReadAllBytesAsync(Path.Join(result.Output.Path, "model.bin"), Token))
            );
            Assert.True(result.Passes.Count(pass => pass.Outcome == StepOutcome.Computed) <= configs.Length);
            result.Dispose();
            for (var loss = random.Next(4); loss > 0; loss--)
                await LoseAsync(random, machines[random.Next(2)], team);
        }
    }

    // Few, so that chains meet.
    private static string RandomConfig(Random random) =>
        random.Next(4) switch
        {
            0 => """{"a":1}""",
            1 => """{"a":2}""",
            2 => """{"constant":"same"}""",
            _ => """{"constant":"same","way":2}""",
        };

    private static async Task LoseAsync(Random random, Machine machine, FakeSharedStore team)
    {
        var stored = machine.Cache.List();
        var names = team.Names;
        switch (random.Next(4))
        {
            case 0 when stored.Where(model => model.Kind != "model").ToList() is { Count: > 0 } made:
                await machine.ForgetAsync(made[random.Next(made.Count)].Key);
                break;
            case 1 when stored.Count > 0:
                Damage(
                    random,
                    Path.Join(machine.Cache.StorePath, "snapshots", stored[random.Next(stored.Count)].Digest.ToString())
                );
                break;
            case 2 when names.Count > 0:
                team.Remove(names[random.Next(names.Count)]);
                break;
            case 3 when names.Count > 0:
                team.Put(names[random.Next(names.Count)], TestBytes.Of(100, random.Next()));
                break;
        }
    }

    private static void Damage(Random random, string snapshot)
    {
        if (!Directory.Exists(snapshot))
            return;
        var path = Directory.GetFiles(snapshot)[0];
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (random.Next(2) == 0)
            File.WriteAllText(path, "damaged");
        else
            File.Delete(path);
    }
}
