using Larder.Origins;
using Larder.Pull;
using Larder.Store.Scrub;
using Larder.TestKit;

namespace Larder.Tests.Pull;

// A choice among the files of a reference is an entry of its own.
public sealed partial class PullerTests
{
    private static readonly PullOptions OnnxOnly = new() { Include = ["*.onnx"] };

    [Fact]
    public async Task PullAsync_Include_FetchesThoseFilesOnly()
    {
        using var snapshot = await _store.PullAsync(OnnxOnly);

        Assert.Equal("model.onnx", Assert.Single(snapshot.Manifest.Files).Path);
        Assert.Equal(["model.onnx"], _store.Origin.Opened);
    }

    [Fact]
    public async Task PullAsync_Exclude_WinsOverInclude()
    {
        using var snapshot = await _store.PullAsync(new PullOptions { Include = ["*"], Exclude = ["sub/"] });

        Assert.Equal("model.onnx", Assert.Single(snapshot.Manifest.Files).Path);
    }

    [Fact]
    public async Task PullAsync_TwoChoices_AreTwoEntriesThatShareTheirFiles()
    {
        await _store.PullAndReleaseAsync();
        var chosen = await _store.PullAndReleaseAsync(OnnxOnly);

        var models = _store.Cache.FindAll(_store.Reference);

        Assert.Equal(2, models.Count);
        Assert.Equal(chosen.Digest, _store.Cache.Find(_store.Reference, OnnxOnly)!.Digest);
        Assert.Equal(["*.onnx"], _store.Cache.Find(_store.Reference, OnnxOnly)!.Include);
        Assert.Empty(_store.Cache.Find(_store.Reference)!.Include);
        Assert.Equal(2, TestStore.Files(_store.Layout.Blobs).Count);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task PullAsync_ChosenAndFresh_AsksNoOrigin()
    {
        await _store.PullAndReleaseAsync(OnnxOnly);
        _store.Origin.IsForbidden = true;

        using var snapshot = await _store.PullAsync(new PullOptions { Include = ["*.onnx", "*.onnx"] });

        Assert.Equal(PullOutcome.Hit, snapshot.Outcome);
    }

    [Fact]
    public async Task PullAsync_ChosenAndUnchangedWhileOthersChanged_Revalidates()
    {
        await _store.PullAndReleaseAsync(OnnxOnly);
        _store.Origin.Put("sub/labels.txt", "cat cow"u8.ToArray());

        using var snapshot = await _store.PullAsync(OnnxOnly with { FreshFor = TimeSpan.Zero });

        Assert.Equal(PullOutcome.Revalidated, snapshot.Outcome);
    }

    [Fact]
    public async Task PullAsync_NothingChosen_NamesThePatternsAndWhatIsThere()
    {
        for (var i = 0; i < 10; i++)
            _store.Origin.Put($"more-{i}", [1]);

        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            _store.PullAsync(new PullOptions { Include = ["*.ONNX"], Exclude = ["b*"] })
        );

        Assert.Equal(OriginFailure.NotFound, failure.Failure);
        Assert.Contains("include '*.ONNX', exclude 'b*'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'model.onnx', 'more-0'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("and 7 more", failure.Message, StringComparison.Ordinal);
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task PullAsync_FileThatIsNotChosenHasAPathThatCannotBe_IsNoMatter()
    {
        _store.Origin.Put("../outside", [1]);

        using var snapshot = await _store.PullAsync(OnnxOnly);

        Assert.Single(snapshot.Manifest.Files);
    }

    [Fact]
    public async Task ClearAsync_Reference_RemovesAllItsChoices()
    {
        await _store.PullAndReleaseAsync();
        await _store.PullAndReleaseAsync(OnnxOnly);
        using var other = await _store.Cache.PullAsync(
            FakeOrigin.Reference("other"),
            OnnxOnly,
            TestContext.Current.CancellationToken
        );

        var result = await _store.Cache.ClearAsync(_store.Reference, TestContext.Current.CancellationToken);

        Assert.Equal(2, result.RemovedEntries);
        Assert.Equal("fake://origin/other/", Assert.Single(_store.Cache.List()).Reference);
    }

    [Fact]
    public async Task ClearAsync_OneChoice_LeavesTheOthers()
    {
        await _store.PullAndReleaseAsync();
        await _store.PullAndReleaseAsync(OnnxOnly);

        await _store.Cache.ClearAsync(_store.Reference, OnnxOnly, TestContext.Current.CancellationToken);

        Assert.Empty(Assert.Single(_store.Cache.List()).Include);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task PinAsync_OneChoice_IsNoPinOfTheOthers()
    {
        await _store.PullAndReleaseAsync();
        await _store.PullAndReleaseAsync(OnnxOnly);
        await _store.Cache.PinAsync(_store.Reference, OnnxOnly, TestContext.Current.CancellationToken);

        await _store.Cache.ClearAsync(null, TestContext.Current.CancellationToken);

        Assert.Equal(["*.onnx"], Assert.Single(_store.Cache.List()).Include);
        Assert.False(_store.Cache.Unpin(_store.Reference));
        Assert.True(_store.Cache.Unpin(_store.Reference, OnnxOnly));
    }

    [Fact]
    public async Task VerifyAsync_DamagedChoice_IsRepairedAsThatChoice()
    {
        await _store.PullAndReleaseAsync(OnnxOnly);
        Tamper.Bit(Assert.Single(TestStore.Files(_store.Layout.Blobs)), 100);

        var report = await _store.Cache.VerifyAsync(
            _store.Reference,
            new VerifyOptions { Repair = true },
            TestContext.Current.CancellationToken
        );

        Assert.True(report.IsWhole, string.Join('\n', report.Findings.Select(finding => finding.Message)));
        Assert.Equal((1, 1), (report.Damaged, report.Repaired));
        Assert.Equal(["*.onnx"], Assert.Single(_store.Cache.List()).Include);
    }
}
