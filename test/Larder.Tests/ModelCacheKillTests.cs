using System.Diagnostics;
using System.Globalization;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Scrub;
using Larder.TestKit;
using Larder.Tests.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Tests;

/// <summary>A process is killed while it pulls, clears, evicts, pins or repairs; what it acknowledged holds.</summary>
public sealed class ModelCacheKillTests : IDisposable
{
    private const int Models = 6;

    // The moments are between the word and its answer, or while the process opens the store.
    private static readonly string[] Moments =
    [
        "ready",
        "pulling",
        "pulled",
        "clearing",
        "evicting",
        "evicted",
        "pinning",
        "unpinning",
        "verifying",
    ];

    private readonly ITestOutputHelper _output;
    private readonly TempDirectory _directory = new();
    private readonly ChurnLedger _ledger = new();

    public ModelCacheKillTests(ITestOutputHelper output)
    {
        _output = output;
        for (var model = 0; model < Models; model++)
            TwoModels.Write(_directory[$"models/{model}"], FilesOf(model));
    }

    private string Root => _directory["store"];

    [Fact]
    public async Task Store_KilledAtRandomMoments_LosesNothingThatWasAcknowledged()
    {
        var cycles = int.Parse(
            Environment.GetEnvironmentVariable("LARDER_KILL_CYCLES") ?? "12",
            CultureInfo.InvariantCulture
        );
        var seed = Environment.TickCount;
        _output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var watch = Stopwatch.StartNew();
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            var isFlipped = cycle % 3 == 2 && FlipABit(random);
            var moment = isFlipped ? "verifying" : Moments[random.Next(Moments.Length)];
            var said = await RunAndKillAsync(moment, isFlipped, random);
            try
            {
                _ledger.Note(said);
                await AssertUnharmedAsync(isFlipped && !_ledger.IsVerified);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new InvalidOperationException(
                    $"After kill {cycle} at '{moment}' of seed {seed}: {failure.Message}\nThe host had said:\n{string.Join('\n', said.TakeLast(30))}",
                    failure
                );
            }
        }
        _output.WriteLine($"{cycles} kills, {watch.Elapsed.TotalSeconds:f0} s");
        _output.WriteLine(string.Join(", ", _ledger.Words.Select(word => $"{word.Key} {word.Value}")));
        Assert.NotEmpty(_ledger.Digests);
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>Pairs of models have the same weights, and all share a file.</summary>
    private static Dictionary<string, byte[]> FilesOf(int model) =>
        new(StringComparer.Ordinal)
        {
            ["model.onnx"] = TestBytes.Of(200_000 + (model / 2), model / 2),
            ["sub/vocabulary"] = TestBytes.Of(20_000 + model, 1000 + model),
            ["shared"] = TestBytes.Of(5000, seed: 99),
        };

    private async Task<IReadOnlyList<string>> RunAndKillAsync(string moment, bool repairsFirst, Random random)
    {
        using var host = HostProcess.Start([
            "churn",
            Root,
            _directory["models"],
            random.Next().ToString(CultureInfo.InvariantCulture),
            .. repairsFirst ? ["repair"] : (string[])[],
        ]);
        var said = await host.ReadToAsync(moment);
        // Anywhere in what it has just begun, or, one time in four, long after it.
        var wait = random.NextDouble() * (random.Next(4) == 0 ? 100 : 12);
        await Task.Delay(TimeSpan.FromMilliseconds(wait), TestContext.Current.CancellationToken);
        return [.. said, .. await host.KillAsync()];
    }

    private bool FlipABit(Random random)
    {
        var blobs = TestStore.Files(new StoreLayout(Root).Blobs).Where(path => !BlockChecksumFile.IsOne(path)).ToList();
        if (blobs.Count == 0)
            return false;
        var blob = blobs[random.Next(blobs.Count)];
        Tamper.Bit(blob, random.NextInt64(new FileInfo(blob).Length * 8));
        return true;
    }

    private async Task AssertUnharmedAsync(bool isDamaged)
    {
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = Root });
        await cache.SweepAsync(TestContext.Current.CancellationToken);
        if (isDamaged)
            await RepairAsync(cache);
        StoreAudit.AssertWhole(Root);
        using (var store = LocalStore.Open(Root, MaterializeMode.Auto, TimeProvider.System, NullLogger.Instance))
            Assert.Equal(0, (await store.LookAtRoomAsync(TestContext.Current.CancellationToken)).ReservedBytes);
        for (var model = 0; model < Models; model++)
            await AssertPromisedAsync(cache, model);
    }

    private async Task AssertPromisedAsync(ModelCache cache, int model)
    {
        var reference = ModelReference.OfPath(_directory[$"models/{model}"]);
        var name = model.ToString(CultureInfo.InvariantCulture);
        var found = cache.Find(reference);
        _ledger.Settle(name, found is not null, IsPinned(reference));
        if (found is null)
            return;
        Assert.Equal(TwoModels.DigestOf(FilesOf(model)), found.Digest);
        if (_ledger.Digests.TryGetValue(name, out var digest))
            Assert.Equal(digest, found.Digest.ToString());
        using var snapshot = await cache.PullAsync(
            reference,
            new PullOptions { Offline = true },
            TestContext.Current.CancellationToken
        );
        Assert.Empty(TwoModels.Wrong(snapshot.Path, FilesOf(model)));
    }

    // Also of what is not there: a pin must not outlive what it pinned.
    private bool IsPinned(ModelReference reference) =>
        PinSet.Read(new StoreLayout(Root)).HasKey(PullRequest.KeyOf(reference).Digest);

    private static async Task RepairAsync(ModelCache cache)
    {
        var report = await cache.VerifyAsync(
            null,
            new VerifyOptions { Repair = true },
            TestContext.Current.CancellationToken
        );
        Assert.True(report.IsWhole, string.Join('\n', report.Findings.Select(finding => finding.Message)));
    }
}
