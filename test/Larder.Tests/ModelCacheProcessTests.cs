using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests;

/// <summary>What only several processes show, and processes that are killed.</summary>
public sealed class ModelCacheProcessTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ModelReference _reference;

    public ModelCacheProcessTests() => _reference = ModelReference.OfPath(MakeModel("model", 1));

    private string Root => _directory["store"];

    [Theory]
    [InlineData(CommitStep.BlobsLinked)]
    [InlineData(CommitStep.ManifestLinked)]
    [InlineData(CommitStep.SnapshotPlaced)]
    [InlineData(CommitStep.EntryPlaced)]
    internal async Task PullAsync_KilledAfterAStep_LeavesAllOrNothingAndTheNextPullSucceeds(CommitStep step)
    {
        var (exitCode, output) = await HostProcess.RunAsync(["pull", Root, _reference.Text, step.ToString()]);
        Assert.Equal((HostProcess.KilledExitCode, "ready\n"), (exitCode, output));

        using var cache = Open();
        await cache.SweepAsync(TestContext.Current.CancellationToken);
        StoreAudit.AssertWhole(Root);
        Assert.Equal(step == CommitStep.EntryPlaced ? 1 : 0, cache.List().Count);
        await AssertPullsAsync(cache);
        StoreAudit.AssertWhole(Root);
    }

    [Theory]
    [InlineData("Writing")]
    [InlineData(nameof(CommitStep.BlobsLinked))]
    [InlineData(nameof(CommitStep.ManifestLinked))]
    [InlineData(nameof(CommitStep.SnapshotPlaced))]
    [InlineData(nameof(CommitStep.EntryPlaced))]
    public async Task TryWriteAsync_KilledAtAStep_LeavesAllOrNothingBesideTheModel(string step)
    {
        using (var before = Open())
            await AssertPullsAsync(before);
        var (exitCode, output) = await HostProcess.RunAsync(["derive", Root, _reference.Text, step]);
        Assert.Equal((HostProcess.KilledExitCode, "ready\n"), (exitCode, output));

        using var cache = Open();
        await cache.SweepAsync(TestContext.Current.CancellationToken);

        StoreAudit.AssertWhole(Root);
        Assert.Empty(TestStore.Files(new StoreLayout(Root).Staging));
        var model = Assert.Single(cache.List(), listed => listed.DerivedFrom is null);
        Assert.Equal(step == nameof(CommitStep.EntryPlaced) ? 1 : 0, cache.ListDerived(model.Digest).Count);
        await AssertPullsAsync(cache);
    }

    [Fact]
    public async Task PullAsync_KilledWhileBytesArrive_LeavesNothingAfterTheNextStart()
    {
        await using var server = Stalling();
        using (var host = HostProcess.Start(["pull", Root, server.Url("/model.onnx")]))
        {
            await server.Stalled;
            await host.KillAsync();
        }
        Assert.NotEmpty(TestStore.Files(new StoreLayout(Root).Staging));

        using var cache = Open();
        await cache.SweepAsync(TestContext.Current.CancellationToken);

        StoreAudit.AssertEmpty(Root);
    }

    [Fact]
    public async Task PullAsync_ProcessThatFetchesIsKilled_OneThatWaitsTakesOver()
    {
        await using var server = Stalling();
        using var first = HostProcess.Start(["pull", Root, server.Url("/model.onnx")]);
        await server.Stalled;
        using var second = HostProcess.Start(["pull", Root, server.Url("/model.onnx")]);
        await second.ReadToAsync("ready");
        await first.KillAsync();
        server.GoOn();

        await second.ReadToAsync("pulled");
    }

    [Fact]
    public async Task PullAsync_EightProcessesOnAStoreThatIsNotThere_FetchEachByteOnce()
    {
        const int blocks = 64;
        const int blockBytes = 1 << 20;
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, (long)blocks * blockBytes, "ETag: \"v1\"");
            for (var i = 0; i < blocks && !exchange.IsHead; i++)
                await exchange.SendBodyAsync(TestBytes.Block(blockBytes, i));
        });

        var ends = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => HostProcess.RunAsync(["pull", Root, server.Url("/model.onnx")]))
        );

        Assert.All(ends, end => Assert.Equal((0, ""), (end.ExitCode, end.ExitCode == 0 ? "" : end.Output)));
        Assert.Single(ends.Select(end => end.Output.Split(' ')[1]).Distinct(StringComparer.Ordinal));
        Assert.Equal((long)blocks * blockBytes, server.BodyBytes);
        Assert.Equal(2, server.Requests.Count);
        StoreAudit.AssertWhole(Root);
    }

    [Fact]
    public async Task ClearAsync_LeasedByAnotherProcess_KeepsItUntilThatProcessIsKilled()
    {
        using var cache = Open();
        using var host = HostProcess.Start(["hold", Root, _reference.Text]);
        await host.ReadToAsync("held");
        Assert.Single((await ClearAsync(cache)).KeptInUse);
        Assert.True(cache.Find(_reference)!.Leased);

        await host.KillAsync();

        Assert.Equal(1, (await ClearAsync(cache)).RemovedEntries);
        StoreAudit.AssertEmpty(Root);
    }

    [Fact]
    public async Task ClearAsync_LeasedByAnotherProcess_RemovesItAfterThatProcessHasEnded()
    {
        using var cache = Open();
        using var host = HostProcess.Start(["hold", Root, _reference.Text]);
        await host.ReadToAsync("held");

        await host.EndAsync();

        Assert.Equal(1, (await ClearAsync(cache)).RemovedEntries);
    }

    [Fact]
    public async Task PullAsync_LocksThatLie_IsStillRightAndNothingInUseIsRemoved()
    {
        const string lying = "LARDER_TEST_LYING_LOCKS=1";
        var ends = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => HostProcess.RunAsync(["pull", Root, _reference.Text], lying))
        );
        Assert.SkipWhen(ends.Any(end => end.ExitCode == 77), "this system lets no process have locks that lie");
        Assert.All(ends, end => Assert.Equal((0, ""), (end.ExitCode, end.ExitCode == 0 ? "" : end.Output)));
        Assert.Single(ends.Select(end => end.Output.Split(' ')[1]).Distinct(StringComparer.Ordinal));
        StoreAudit.AssertWholeInUse(Root);

        using var holder = HostProcess.Start(["hold", Root, _reference.Text], lying);
        await holder.ReadToAsync("held");
        Assert.Equal((0, "ready\ncleared 0\n"), await HostProcess.RunAsync(["clear", Root], lying));
        StoreAudit.AssertWholeInUse(Root);

        await holder.EndAsync();
        Assert.Equal((0, "ready\ncleared 1\n"), await HostProcess.RunAsync(["clear", Root], lying));
        StoreAudit.AssertEmptyInUse(Root);
    }

    public void Dispose() => _directory.Dispose();

    private static StallingServer Stalling() => new();

    private static Task<ClearResult> ClearAsync(ModelCache cache) =>
        cache.ClearAsync(null, TestContext.Current.CancellationToken);

    private ModelCache Open() => new(new ModelCacheOptions { StorePath = Root });

    /// <summary>Makes a model of a few files, one of which all models share.</summary>
    private string MakeModel(string name, int seed)
    {
        var model = Directory.CreateDirectory(_directory[name]).FullName;
        Directory.CreateDirectory(Path.Join(model, "sub"));
        File.WriteAllBytes(Path.Join(model, "model.onnx"), TestBytes.Of(200_000 + seed, seed));
        File.WriteAllBytes(Path.Join(model, "sub/vocabulary"), TestBytes.Of(20_000, seed));
        File.WriteAllBytes(Path.Join(model, "shared"), TestBytes.Of(5000, seed: 99));
        return model;
    }

    private async Task AssertPullsAsync(ModelCache cache)
    {
        using var snapshot = await cache.PullAsync(
            _reference,
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.All(
            snapshot.Manifest.Files,
            file =>
                Assert.Equal(
                    File.ReadAllBytes(Path.Join(_directory["model"], file.Path)),
                    File.ReadAllBytes(Path.Join(snapshot.Path, file.Path))
                )
        );
        Assert.Equal(Digest.Of(snapshot.Manifest.Bytes.Span), snapshot.Digest);
    }

    /// <summary>A server that stops in the middle of a body until it is told to go on.</summary>
    private sealed class StallingServer : IAsyncDisposable
    {
        private readonly Gate _gate = new();
        private readonly ScriptedHttpServer _server;

        public StallingServer()
        {
            _gate.Close();
            _server = new ScriptedHttpServer(async exchange =>
            {
                await exchange.SendHeadAsync(200, 2_000_000, "ETag: \"v1\"");
                if (exchange.IsHead)
                    return;
                await exchange.SendBodyAsync(TestBytes.Of(1_000_000));
                await _gate.PassAsync(exchange.Stopping);
                await exchange.SendBodyAsync(TestBytes.Of(1_000_000));
            });
        }

        public Task Stalled => _gate.Reached;

        public void GoOn() => _gate.Open();

        public string Url(string path) => _server.Url(path);

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
