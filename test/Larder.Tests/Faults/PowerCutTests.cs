using System.Globalization;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.TestKit;

namespace Larder.Tests.Faults;

/// <summary>The power is cut while a host pulls, refreshes and clears models.</summary>
/// <remarks>
/// On file systems of the test's own, and, where nothing can be mounted, by a library that undoes what the host has not synced:
/// <c>test/faults/README.md</c>.
/// </remarks>
public sealed class PowerCutTests : IDisposable
{
    private const int Models = 4;
    private const int Versions = 3;

    private readonly ITestOutputHelper _output;
    private readonly TempDirectory _directory = new();
    private readonly Ledger _ledger = new((model, version) => TwoModels.DigestOf(FilesOf(model, version)));

    public PowerCutTests(ITestOutputHelper output)
    {
        _output = output;
        Directory.CreateDirectory(_directory["models"]);
        for (var model = 0; model < Models; model++)
        {
            for (var version = 0; version < Versions; version++)
                TwoModels.Write(_directory[$"versions/{model}-{version}"], FilesOf(model, version));
            File.CreateSymbolicLink(_directory[$"models/{model}"], _directory[$"versions/{model}-0"]);
        }
    }

    [Theory]
    [Trait("Category", "Full")]
    [InlineData("ext4", 64)]
    [InlineData("xfs", 300)]
    public async Task Store_PowerCutAtRandomMoments_LosesNothingThatWasAcknowledged(string type, int mebibytes)
    {
        Volume.SkipUnlessAllowed();
        using var volume = Volume.InFile(type, mebibytes);
        volume.Mount();

        await CutAsync(
            Store(volume),
            Cuts(200),
            random => RunAndCutAsync(volume, random),
            () =>
            {
                // That it is gone must not be lost with the power.
                volume.Unmount();
                volume.Mount();
            }
        );
    }

    [Fact]
    [Trait("Category", "Integration")]
    public Task Store_UnsyncedIsLostAtRandomCalls_LosesNothingThatWasAcknowledged() =>
        CutAsync(_directory["store"], Cuts(20), random => RunAndLoseAsync(random), () => { });

    /// <summary>The short form sees what it is there to see.</summary>
    [Fact]
    [Trait("Category", "Integration")]
    public async Task Store_UnsyncedIsLostAndSyncsLie_IsFoundOut() =>
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() =>
            CutAsync(_directory["store"], 50, random => RunAndLoseAsync(random, ":lie"), () => { })
        );

    /// <summary>The campaign sees what it is there to see: a host that waits for no device loses what it acknowledged.</summary>
    [Fact]
    [Trait("Category", "Full")]
    public async Task Store_PowerCutAndSyncsThatLie_IsFoundOut()
    {
        Volume.SkipUnlessAllowed();
        using var volume = Volume.InFile("ext4", 64);
        volume.Mount();
        var syncsLie = FaultyHost.Environment("fsync:lie:1:always", Store(volume));

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() =>
            CutAsync(Store(volume), 20, random => RunAndCutAsync(volume, random, syncsLie), () => { })
        );
    }

    public void Dispose() => _directory.Dispose();

    private static int Cuts(int ordinary) =>
        Environment.GetEnvironmentVariable("LARDER_POWER_CUTS") is { } cuts
            ? int.Parse(cuts, CultureInfo.InvariantCulture)
            : ordinary;

    /// <summary>Runs hosts on one store, each cut at some moment, and looks at what is left after each.</summary>
    private async Task CutAsync(
        string store,
        int cuts,
        Func<Random, Task<IReadOnlyList<string>>> runAndCut,
        Action storeRemoved
    )
    {
        var seed = Environment.TickCount;
        _output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var acknowledged = 0;
        for (var cut = 0; cut < cuts; cut++)
        {
            // Now and then the store is made anew, so that its first start is cut too.
            if (random.Next(8) == 0 && Directory.Exists(store))
            {
                Directory.Delete(store, recursive: true);
                storeRemoved();
                _ledger.Clear();
            }
            var said = await runAndCut(random);
            acknowledged += said.Count(line => line.StartsWith("pulled", StringComparison.Ordinal));
            try
            {
                _ledger.Note(said);
                await AssertUnharmedAsync(store);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new InvalidOperationException(
                    $"After cut {cut} of seed {seed}: {failure.Message}\nThe host had said:\n{string.Join('\n', said.TakeLast(20))}",
                    failure
                );
            }
        }
        _output.WriteLine($"{cuts} cuts, {acknowledged} acknowledged pulls");
        Assert.True(acknowledged > 0, "no pull was acknowledged in any cycle");
    }

    /// <summary>Some files of each version are new, some are those of the version before, and all models share one.</summary>
    private static Dictionary<string, byte[]> FilesOf(int model, int version) =>
        new(StringComparer.Ordinal)
        {
            ["model.onnx"] = TestBytes.Of(60_000 + version, (model * Versions) + version),
            ["sub/vocabulary"] = TestBytes.Of(5000, 1000 + model),
            ["shared"] = TestBytes.Of(2000, seed: 99),
        };

    private static string Store(Volume volume) => Path.Combine(volume.Path, "store");

    private ModelReference Reference(int model) => ModelReference.OfPath(_directory[$"models/{model}"]);

    private async Task<IReadOnlyList<string>> RunAndCutAsync(Volume volume, Random random, params string[] environment)
    {
        using var host = HostProcess.Start(["renew", Store(volume), _directory.Path, Text(random.Next())], environment);
        // A third while the store is opened and the first model comes, the rest anywhere in the work.
        var lines = random.Next(3) == 0 ? 1 : random.Next(2, 40);
        var said = await host.ReadLinesAsync(lines);
        await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 20), TestContext.Current.CancellationToken);
        volume.CutPower();
        said = [.. said, .. await host.StopAsync()];
        volume.Unmount();
        volume.Mount();
        return said;
    }

    /// <summary>Runs the host to one of its calls, at which all is lost that it has not synced.</summary>
    private async Task<IReadOnlyList<string>> RunAndLoseAsync(Random random, string tail = "")
    {
        // A third while the store is opened and the first model comes, the rest anywhere in the work.
        var call = random.Next(3) == 0 ? random.Next(1, 150) : random.Next(150, 2000);
        var (exitCode, output) = await HostProcess.RunAsync(
            ["renew", _directory["store"], _directory.Path, Text(random.Next())],
            FaultyHost.PowerCut($"{Text(call)}:{Text(random.Next())}{tail}", _directory["store"])
        );
        Assert.True(exitCode == HostProcess.KilledExitCode, $"The host ended by itself ({exitCode}): {output}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task AssertUnharmedAsync(string store)
    {
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = store });
        await cache.SweepAsync(TestContext.Current.CancellationToken);
        StoreAudit.AssertWhole(store, mayHoldOldVersions: true);
        for (var model = 0; model < Models; model++)
        {
            var found = cache.Find(Reference(model))?.Digest;
            Assert.Contains(found, _ledger.Possible(model));
            _ledger.Settle(model, found);
            if (found is { } digest)
                await AssertServesAsync(cache, model, digest);
        }
        Assert.Equal(cache.List().Count, cache.GetStatistics().TotalModels);
    }

    private async Task AssertServesAsync(ModelCache cache, int model, Digest digest)
    {
        var files = Enumerable
            .Range(0, Versions)
            .Select(version => FilesOf(model, version))
            .Single(files => TwoModels.DigestOf(files) == digest);
        using var snapshot = await cache.PullAsync(
            Reference(model),
            new PullOptions { Offline = true },
            TestContext.Current.CancellationToken
        );
        Assert.Empty(TwoModels.Wrong(snapshot.Path, files));
    }
}
