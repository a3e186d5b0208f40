using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Larder.Origins;
using Larder.Pull;
using Larder.Pull.Targets;
using Larder.TestKit;

namespace Larder.Tests.Pull.Targets;

public sealed class AdopterTests : IDisposable
{
    private static readonly byte[] Model = TestBytes.Of(3_000_000);
    private static readonly byte[] Another = TestBytes.Of(3_000_000, seed: 2);

    private readonly TestStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TargetDirectory Here => new(_store["here"]);

    [Fact]
    public async Task PullAsync_OriginNamesTheDigestOfWhatIsThere_FetchesNothing()
    {
        Bake(Model);
        _store.Origin.Put("sub/model.onnx", Model, tellsDigest: true);

        using var snapshot = await PullAsync(Here);

        Assert.True(snapshot.FromCache);
        Assert.Empty(_store.Origin.Opened);
        Assert.Equal(Model, await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "sub/model.onnx"), Cancellation));
        Assert.Equal("origin", _store.Cache.Find(_store.Reference)!.Trust);
        snapshot.Dispose();
        StoreAudit.AssertWhole(_store.Root);
        // What the user does to his file does nothing to the store.
        Tamper.InPlace(Path.Join(_store["here"], "sub/model.onnx"));
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task PullAsync_OriginNamesAnotherDigest_FetchesIt()
    {
        Bake(Another);
        _store.Origin.Put("sub/model.onnx", Model, tellsDigest: true);

        using var snapshot = await PullAsync(Here);

        Assert.Single(_store.Origin.Opened);
        Assert.Equal(Model, await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "sub/model.onnx"), Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [SuppressMessage("Security", "CA5351", Justification = "It is what origins name.")]
    public async Task PullAsync_OriginNamesTheMd5_IsCompared(bool isSame)
    {
        Bake(isSame ? Model : Another);
        _store.Origin.Put("sub/model.onnx", Model);
        _store.Origin.ListsInstead = () =>
            [
                new OriginFile("sub/model.onnx", Model.Length, "v1")
                {
                    Md5 = Convert.ToHexStringLower(MD5.HashData(Model)),
                },
            ];

        // A length that fits is no excuse where there is better.
        using var snapshot = await PullAsync(new TargetDirectory(_store["here"]) { TrustsSizes = true });

        Assert.Equal(isSame ? 0 : 1, _store.Origin.Opened.Count);
        Assert.Equal(Model, await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "sub/model.onnx"), Cancellation));
        Assert.Equal(isSame ? "adopted" : "first_use", _store.Cache.Find(_store.Reference)!.Trust);
    }

    [Fact]
    public async Task PullAsync_OriginNamesNoChecksum_FetchesUnlessSizesAreTrusted()
    {
        Bake(Another);
        _store.Origin.Put("sub/model.onnx", Model);
        (await PullAsync(Here)).Dispose();
        Assert.Single(_store.Origin.Opened);
        await _store.Cache.ClearAsync(null, Cancellation);

        using var snapshot = await PullAsync(new TargetDirectory(_store["here"]) { TrustsSizes = true });

        Assert.Single(_store.Origin.Opened);
        Assert.Equal(Another, await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "sub/model.onnx"), Cancellation));
        Assert.Equal("adopted", _store.Cache.Find(_store.Reference)!.Trust);
        Assert.Contains(
            _store.Log.Warnings,
            warning =>
                warning.Contains("by their sizes alone", StringComparison.Ordinal)
                && warning.Contains("sub/model.onnx", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task PullAsync_AdoptedBySizeAndPulledAgainSo_FetchesNothing()
    {
        Bake(Another);
        _store.Origin.Put("sub/model.onnx", Model);
        var options = new PullOptions { Adopt = new TargetDirectory(_store["here"]) { TrustsSizes = true } };
        (await _store.PullAsync(options)).Dispose();

        using var hit = await _store.PullAsync(options);
        using var asked = await _store.PullAsync(options with { Refresh = true });

        Assert.Equal((PullOutcome.Hit, PullOutcome.Revalidated), (hit.Outcome, asked.Outcome));
        Assert.Equal("adopted", _store.Cache.Find(_store.Reference)!.Trust);
        Assert.Empty(_store.Origin.Opened);
    }

    /// <summary>Who did not say that lengths are enough gets the origin's bytes, however new the entry is.</summary>
    [Fact]
    public async Task PullAsync_AdoptedBySizeAndPulledByOthers_IsFetched()
    {
        Bake(Another);
        _store.Origin.Put("sub/model.onnx", Model);
        (await PullAsync(new TargetDirectory(_store["here"]) { TrustsSizes = true })).Dispose();

        using var snapshot = await _store.PullAsync();

        Assert.Equal(Model, await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "sub/model.onnx"), Cancellation));
        Assert.Equal("first_use", _store.Cache.Find(_store.Reference)!.Trust);
        using var again = await _store.PullAsync();
        Assert.Equal(PullOutcome.Hit, again.Outcome);
    }

    [Fact]
    public async Task PullAsync_AnotherLength_IsFetched()
    {
        Bake(Model[..^1]);
        _store.Origin.Put("sub/model.onnx", Model);

        using var snapshot = await PullAsync(new TargetDirectory(_store["here"]) { TrustsSizes = true });

        Assert.Single(_store.Origin.Opened);
    }

    [Fact]
    public async Task PullAsync_LaidOutEarlierAndTheStoreIsNew_FetchesNothing()
    {
        _store.Origin.Put("sub/model.onnx", Model).Put("labels", [1, 2]);
        using (var first = await PullAsync(Here))
            await Here.LayOutAsync(first, Cancellation);
        using var cache = new ModelCache(
            new ModelCacheOptions { StorePath = _store["new"] },
            [_store.Origin],
            _store.Time,
            _store.Log
        );
        _store.Origin.Put("labels", [3, 4]);

        using var second = await cache.PullAsync(_store.Reference, new PullOptions { Adopt = Here }, Cancellation);
        var result = await Here.LayOutAsync(second, Cancellation);

        Assert.Equal(1, second.FilesFetched);
        Assert.Equal(["labels", "labels", "sub/model.onnx"], _store.Origin.Opened.Order(StringComparer.Ordinal));
        Assert.Equal((1, 1), (result.FilesWritten, result.FilesKept));
    }

    [Fact]
    public async Task PullAsync_LaidOutEarlierAndChangedSince_FetchesIt()
    {
        _store.Origin.Put("sub/model.onnx", Model);
        using (var first = await PullAsync(Here))
            await Here.LayOutAsync(first, Cancellation);
        Tamper.Silently(Path.Join(_store["here"], "sub/model.onnx"));
        await _store.Cache.ClearAsync(null, Cancellation);

        using var second = await PullAsync(Here);

        Assert.Equal(Model, await File.ReadAllBytesAsync(Path.Join(second.Path, "sub/model.onnx"), Cancellation));
    }

    [Fact]
    public async Task PullAsync_PipeOrLinkOfThatName_IsNotWaitedForAndFetched()
    {
        Directory.CreateDirectory(Path.Join(_store["here"], "sub"));
        Pipe.Make(Path.Join(_store["here"], "sub/model.onnx"));
        File.CreateSymbolicLink(Path.Join(_store["here"], "link"), "/etc/hostname");
        _store.Origin.Put("sub/model.onnx", Model, tellsDigest: true).Put("link", [1], tellsDigest: true);

        using var snapshot = await PullAsync(Here);

        Assert.Equal(2, _store.Origin.Opened.Count);
    }

    [Fact]
    public async Task PullAsync_NothingThere_IsAPullLikeAnyOther()
    {
        _store.Origin.Put("sub/model.onnx", Model);

        using var snapshot = await PullAsync(Here);

        Assert.Equal(1, snapshot.FilesFetched);
        Assert.False(Directory.Exists(_store["here"]));
    }

    public void Dispose() => _store.Dispose();

    private Task<Snapshot> PullAsync(TargetDirectory directory) =>
        _store.PullAsync(new PullOptions { Adopt = directory });

    private void Bake(byte[] bytes)
    {
        Directory.CreateDirectory(Path.Join(_store["here"], "sub"));
        File.WriteAllBytes(Path.Join(_store["here"], "sub/model.onnx"), bytes);
    }
}
