using Larder.Content;
using Larder.Pull;
using Larder.TestKit;

namespace Larder.Tests.Pull;

// Earlier versions: found, gone back to, kept.
public sealed partial class PullerTests
{
    [Fact]
    public async Task ListEarlierVersions_TwoChanges_AreTheLatestFirst()
    {
        var (first, second) = await PullThreeVersionsAsync();

        var model = _store.Cache.Find(_store.Reference)!;

        Assert.Equal([second, first], model.ListEarlierVersions().Select(version => version.Digest));
        Assert.Equal((5007, 2), (model.ListEarlierVersions()[0].SizeBytes, model.ListEarlierVersions()[0].Files));
    }

    [Fact]
    public async Task ListEarlierVersions_FileOfOneIsGone_LeavesThatOut()
    {
        var (first, second) = await PullThreeVersionsAsync();
        var blob = _store.Layout.Blob(Digest.Of(TestBytes.Of(5000)));
        File.Delete(blob);
        Directory.Delete(_store.Layout.Snapshot(first), recursive: true);

        Assert.Equal(
            [second],
            _store.Cache.Find(_store.Reference)!.ListEarlierVersions().Select(version => version.Digest)
        );
    }

    [Fact]
    public async Task PullAsync_DigestOfAnEarlierVersion_TheEntryGoesOnFollowingItsOrigin()
    {
        var (first, _) = await PullThreeVersionsAsync();
        var present = _store.Cache.Find(_store.Reference)!.Digest;

        var back = await _store.PullAndReleaseAsync(new PullOptions { Digest = first });

        Assert.Equal(first, back.Digest);
        Assert.Equal(present, _store.Cache.Find(_store.Reference)!.Digest);
        Assert.Equal(present, (await _store.PullAndReleaseAsync()).Digest);
    }

    [Fact]
    public async Task PullAsync_DigestOfAnEarlierVersionOffline_IsServed()
    {
        var (first, _) = await PullThreeVersionsAsync();
        _store.Origin.IsForbidden = true;
        // It is derived, and built again.
        Directory.Delete(_store.Layout.Snapshot(first), recursive: true);

        using var snapshot = await _store.PullAsync(new PullOptions { Digest = first, Offline = true });

        Assert.Equal(TestBytes.Of(5000), await ReadAsync(snapshot, "model.onnx"));
    }

    [Fact]
    public async Task PinAsync_SnapshotOfAnEarlierVersion_KeepsThatVersion()
    {
        var (first, second) = await PullThreeVersionsAsync();
        using (var snapshot = await _store.PullAsync(new PullOptions { Digest = first }))
            await _store.Cache.PinAsync(snapshot, TestContext.Current.CancellationToken);

        await _store.Cache.EvictAsync(new EvictOptions { ToBytes = 0 }, TestContext.Current.CancellationToken);

        var model = _store.Cache.Find(_store.Reference)!;
        Assert.Equal([first], model.ListEarlierVersions().Select(version => version.Digest));
        Assert.NotEqual(second, model.Digest);
        Assert.True(model.Pinned);
    }

    [Fact]
    public async Task FindVersions_Prefix_FindsWhatBeginsWithIt()
    {
        var (first, _) = await PullThreeVersionsAsync();

        Assert.Equal([first], _store.Cache.FindVersions(first.ToString()[..12]));
        Assert.Equal([first], _store.Cache.FindVersions(first.ToString()));
        Assert.Empty(_store.Cache.FindVersions("0123456789ab"));
        Assert.Throws<ArgumentException>(() => _store.Cache.FindVersions("a"));
        Assert.Throws<ArgumentException>(() => _store.Cache.FindVersions("../.."));
        Assert.Throws<ArgumentException>(() => _store.Cache.FindVersions("AB"));
    }

    private async Task<(Digest First, Digest Second)> PullThreeVersionsAsync()
    {
        var first = (await _store.PullAndReleaseAsync()).Digest;
        _store.Origin.Put("model.onnx", TestBytes.Of(5000, seed: 2));
        var second = (await _store.PullAndReleaseAsync(Stale)).Digest;
        _store.Origin.Put("model.onnx", TestBytes.Of(5000, seed: 3));
        await _store.PullAndReleaseAsync(Stale);
        return (first, second);
    }
}
