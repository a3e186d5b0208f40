using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Store;

public sealed partial class LocalStoreTests
{
    private static readonly ModelReference Other = FakeOrigin.Reference("other");

    [Fact]
    public async Task RemoveAsync_All_LeavesAnEmptyStoreAndCountsTheBytes()
    {
        await _store.PullAndReleaseAsync();

        var cleared = await ClearAsync(null);

        Assert.Equal((1, 5007, 0), (cleared.RemovedEntries, cleared.FreedBytes, cleared.KeptInUse.Count));
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task RemoveAsync_One_LeavesTheOtherAndWhatTheyShare()
    {
        await PullTwoThatShareTheModelAsync();

        var cleared = await ClearAsync(_store.Reference);

        Assert.Equal((1, 7), (cleared.RemovedEntries, cleared.FreedBytes));
        Assert.Equal(Other.Text, Assert.Single(_store.Cache.List()).Reference);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task RemoveAsync_OneOfTwoReferencesToTheSameFiles_LeavesTheFiles()
    {
        await _store.PullAndReleaseAsync();
        (await _store.Cache.PullAsync(Other, cancellationToken: TestContext.Current.CancellationToken)).Dispose();

        var cleared = await ClearAsync(_store.Reference);

        Assert.Equal((1, 0), (cleared.RemovedEntries, cleared.FreedBytes));
        _store.Origin.IsForbidden = true;
        using var snapshot = await _store.Cache.PullAsync(
            Other,
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(PullOutcome.Hit, snapshot.Outcome);
    }

    [Fact]
    public async Task RemoveAsync_Leased_KeepsItAndSaysSo()
    {
        using var snapshot = await _store.PullAsync();

        var cleared = await ClearAsync(null);

        Assert.Equal((0, 0), (cleared.RemovedEntries, cleared.FreedBytes));
        Assert.Equal(_store.Reference.Text, Assert.Single(cleared.KeptInUse));
        Assert.Equal(TestBytes.Of(5000), await ReadModelAsync(snapshot));
    }

    [Fact]
    public async Task RemoveAsync_LeasedByAnotherCache_KeepsItUntilTheLeaseIsGivenBack()
    {
        var snapshot = await _store
            .Open()
            .PullAsync(_store.Reference, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Single((await ClearAsync(null)).KeptInUse);

        snapshot.Dispose();

        Assert.Equal(1, (await ClearAsync(null)).RemovedEntries);
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task RemoveAsync_LeasedTwice_KeepsItUntilBothAreGivenBack()
    {
        var first = await _store.PullAsync();
        using var second = await _store.PullAsync();
        first.Dispose();
        first.Dispose();

        Assert.Single((await ClearAsync(null)).KeptInUse);
    }

    [Fact]
    public async Task RemoveAsync_EarlierVersionLeased_KeepsAllThatItReaches()
    {
        using var earlier = await _store.PullAsync();
        _store.Origin.Put("model.onnx", TestBytes.Of(5000, seed: 2));
        await _store.PullAndReleaseAsync(Refresh);

        Assert.Equal(1, (await ClearAsync(null)).RemovedEntries);

        _store.Origin.IsForbidden = true;
        using var again = await _store.PullAsync(new PullOptions { Digest = earlier.Digest });
        Assert.Equal(TestBytes.Of(5000), await ReadModelAsync(again));
    }

    [Fact]
    public async Task RemoveAsync_EarlierVersionNotLeased_RemovesIt()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Put("model.onnx", TestBytes.Of(5000, seed: 2));
        await _store.PullAndReleaseAsync(Refresh);

        Assert.Equal(5000 + 5000 + 7, (await ClearAsync(null)).FreedBytes);
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task RemoveAsync_LinkInASnapshot_RemovesTheLinkAndNothingBehindIt()
    {
        var precious = Directory.CreateDirectory(_store["precious"]).FullName;
        await File.WriteAllTextAsync(Path.Join(precious, "thesis.tex"), "x", TestContext.Current.CancellationToken);
        var snapshot = await _store.PullAndReleaseAsync();
        Directory.CreateSymbolicLink(Path.Join(snapshot.Path, "link"), precious);

        await ClearAsync(null);

        Assert.True(File.Exists(Path.Join(precious, "thesis.tex")));
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task RemoveAsync_PullThatHasStagedItsFiles_StillCommits()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Put("sub/labels.txt", "cat cow"u8.ToArray());
        _store.Origin.Opening.Close();
        var pull = _store.PullAsync(Refresh);
        await _store.Origin.Opening.Reached;

        await ClearAsync(null);
        _store.Origin.Opening.Open();

        using var snapshot = await pull;
        Assert.Equal(TestBytes.Of(5000), await ReadModelAsync(snapshot));
        StoreAudit.AssertWholeInUse(_store.Root);
    }

    [Fact]
    public async Task RemoveAsync_WhileManyPullTheSame_NeitherFailsNorHandsOutHalfAModel()
    {
        using var stop = new CancellationTokenSource();
        var clearing = Task.Run(async () =>
        {
            using var cache = _store.Open();
            while (!stop.IsCancellationRequested)
                await cache.ClearAsync(null);
        });
        await Parallel.ForAsync(
            0,
            30,
            TestContext.Current.CancellationToken,
            async (_, token) =>
            {
                using var snapshot = await _store.Cache.PullAsync(_store.Reference, cancellationToken: token);
                Assert.Equal(
                    TestBytes.Of(5000),
                    await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "model.onnx"), token)
                );
                Assert.True(File.Exists(Path.Join(snapshot.Path, "sub/labels.txt")));
            }
        );
        await stop.CancelAsync();
        await clearing;

        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task RemoveAsync_CancelledWhileItWaits_RemovesNothing()
    {
        await _store.PullAndReleaseAsync();
        using var committer = LockFile.TryAcquire(_store.Layout.CommitLock, exclusive: false);
        using var leaving = new CancellationTokenSource();
        var clearing = _store.Cache.ClearAsync(null, leaving.Token);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => clearing);
        Assert.Single(_store.Cache.List());
    }

    [Fact]
    public async Task Sweep_NamesThatADeadCommitLinked_AreRemoved()
    {
        var staged = Path.Combine(_store.Layout.Staging, "dead");
        Directory.CreateDirectory(staged);
        var blob = _store.Layout.Blob(Larder.Content.Digest.Of("orphan"u8));
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        await File.WriteAllTextAsync(blob, "orphan", TestContext.Current.CancellationToken);

        await _store.Open().SweepAsync(TestContext.Current.CancellationToken);

        StoreAudit.AssertEmpty(_store.Root);
        Assert.Contains(
            _store.Log.Warnings,
            warning => warning.Contains("Swept what 1 writers", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Sweep_FirstMiss_SweepsByItselfAndAHitDoesNot()
    {
        using (await _store.PullAsync()) { }
        var dead = Path.Combine(_store.Layout.Staging, "dead");
        Directory.CreateDirectory(dead);
        var cache = _store.Open();

        using (await cache.PullAsync(_store.Reference, null, TestContext.Current.CancellationToken)) { }
        Assert.True(Directory.Exists(dead));

        var refresh = new PullOptions { Refresh = true };
        using (await cache.PullAsync(_store.Reference, refresh, TestContext.Current.CancellationToken)) { }
        Assert.False(Directory.Exists(dead));
    }

    [Fact]
    public async Task Sweep_WriterAlive_TouchesNothing()
    {
        _store.Origin.Opening.Close();
        var pull = _store.PullAsync();
        await _store.Origin.Opening.Reached;

        await _store.Open().SweepAsync(TestContext.Current.CancellationToken);
        _store.Origin.Opening.Open();

        using var snapshot = await pull;
        Assert.Equal(TestBytes.Of(5000), await ReadModelAsync(snapshot));
    }

    [Fact]
    public async Task IsLeased_FollowsTheLease()
    {
        var snapshot = await _store.PullAsync();
        Assert.True(_store.Cache.Find(_store.Reference)!.Leased);

        snapshot.Dispose();

        Assert.False(_store.Cache.Find(_store.Reference)!.Leased);
        StoreAudit.AssertWhole(_store.Root);
    }

    private Task<ClearResult> ClearAsync(ModelReference? reference) =>
        _store.Cache.ClearAsync(reference, TestContext.Current.CancellationToken);

    private async Task PullTwoThatShareTheModelAsync()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Put("sub/labels.txt", "longer labels"u8.ToArray());
        (await _store.Cache.PullAsync(Other, cancellationToken: TestContext.Current.CancellationToken)).Dispose();
    }
}
