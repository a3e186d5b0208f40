using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Larder.Baking;
using Larder.Pull;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Baking;

[SupportedOSPlatform("linux")]
public sealed partial class BakeTests : IDisposable
{
    // Large enough for a layer of its own.
    private const int Large = (8 << 20) + 77;

    private readonly TestStore _store = new();

    public BakeTests()
    {
        _store.Origin.Put("weights.bin", TestBytes.Of(Large));
        _store.Origin.Put("config.json", TestBytes.Of(100, seed: 2));
        _store.Origin.Put("sub/héé " + new string('x', 120), TestBytes.Of(5000, seed: 3));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Archive => _store["image.tar"];

    [Fact]
    public async Task BakeAsync_TwoMachinesAndTimes_AreTheSameBytes()
    {
        var time = new ManualTimeProvider();
        time.Advance(TimeSpan.FromDays(400));
        using var other = new TestStore(MaterializeMode.Copy, time);
        other.Origin.Put("weights.bin", TestBytes.Of(Large));
        other.Origin.Put("config.json", TestBytes.Of(100, seed: 2));
        other.Origin.Put("sub/héé " + new string('x', 120), TestBytes.Of(5000, seed: 3));
        // An earlier version, uses and a pin are this machine's own.
        await other.PullAndReleaseAsync();
        await other.PullAndReleaseAsync();
        await other.Cache.PinAsync(other.Reference, null, Cancellation);

        var here = await BakeAsync();
        using var snapshot = await other.PullAsync();
        var there = await other.Cache.BakeAsync(
            [new BakeModel(snapshot)],
            other["image.tar"],
            cancellationToken: Cancellation
        );

        Assert.Equal(here.Digest, there.Digest);
        Assert.Equal(
            await File.ReadAllBytesAsync(Archive, Cancellation),
            await File.ReadAllBytesAsync(other["image.tar"], Cancellation)
        );
        Assert.Equal(here.SizeBytes, new FileInfo(Archive).Length);
    }

    [Fact]
    public async Task BakeAsync_SmallFileChanges_LeavesTheLayersOfLargeOnes()
    {
        var before = await BakeAsync();
        _store.Origin.Put("config.json", TestBytes.Of(101, seed: 4));

        var after = await BakeAsync();

        Assert.Equal(2, before.Layers.Count);
        Assert.Equal(before.Layers[0], after.Layers[0]);
        Assert.True(before.Layers[0].SizeBytes > Large);
        Assert.NotEqual(before.Layers[1], after.Layers[1]);
        Assert.NotEqual(before.Digest, after.Digest);
    }

    [Fact]
    public async Task BakeAsync_Store_IsALowerStoreOfWhichNothingIsFetched()
    {
        await BakeAsync();
        using var image = LaidOutImage.Of(Archive);
        _store.Origin.IsForbidden = true;
        using var cache = Open(image["opt/models"]);

        using (var snapshot = await cache.PullAsync(_store.Reference, new PullOptions { Offline = true }, Cancellation))
        {
            Assert.Equal((PullOutcome.Hit, true), (snapshot.Outcome, snapshot.FromCache));
            Assert.StartsWith(image["opt/models"], snapshot.Path, StringComparison.Ordinal);
            Assert.Equal(
                TestBytes.Of(Large),
                await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "weights.bin"), Cancellation)
            );
            Assert.Null(new FileInfo(Path.Join(snapshot.Path, "weights.bin")).LinkTarget);
        }
        Assert.Equal(_store.Reference.Text, Assert.Single(cache.List()).Reference);
        Assert.Single(cache.FindVersions(cache.List()[0].Digest.ToString()[..12]));
        Assert.Empty(TestStore.Files(new StoreLayout(_store["upper"]).Blobs));
    }

    [Fact]
    public async Task BakeAsync_StoreWhoseOriginAnswers_IsThePresentVersion()
    {
        await BakeAsync();
        using var image = LaidOutImage.Of(Archive);
        var opened = _store.Origin.Opened.Count;
        using var cache = Open(image["opt/models"]);

        using var first = await cache.PullAsync(_store.Reference, null, Cancellation);
        using var second = await cache.PullAsync(_store.Reference, null, Cancellation);

        Assert.Equal((PullOutcome.Revalidated, PullOutcome.Hit), (first.Outcome, second.Outcome));
        Assert.Equal(opened, _store.Origin.Opened.Count);
    }

    [Fact]
    public async Task BakeAsync_StoreAndANewVersion_FetchesOnlyWhatChanged()
    {
        await BakeAsync();
        using var image = LaidOutImage.Of(Archive);
        _store.Origin.Put("config.json", TestBytes.Of(222, seed: 5));
        using var cache = Open(image["opt/models"]);

        using var snapshot = await cache.PullAsync(_store.Reference, null, Cancellation);

        Assert.Equal((1, 222), (snapshot.FilesFetched, snapshot.BytesFetched));
        Assert.Equal(
            TestBytes.Of(Large),
            await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "weights.bin"), Cancellation)
        );
        // The file and not the link to it, for whoever lays it out elsewhere.
        Assert.All(
            snapshot.Manifest.Files,
            file => Assert.Null(new FileInfo(cache.FindFile(snapshot, file)).LinkTarget)
        );
    }

    [Fact]
    public async Task BakeAsync_Store_IsRefusedAsOneToWriteTo()
    {
        await BakeAsync();
        using var image = LaidOutImage.Of(Archive);
        var before = TestStore.Files(image.Root);

        var refused = Assert.Throws<StoreException>(() =>
            new ModelCache(new ModelCacheOptions { StorePath = image["opt/models"] })
        );

        Assert.Contains("Name it as store.lower", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, TestStore.Files(image.Root));
    }

    [Fact]
    public async Task BakeAsync_Files_LieUnderTheNameOfTheModel()
    {
        await BakeAsync(new BakeOptions { Layout = BakeLayout.Files, Path = "/srv/m/" });
        using var image = LaidOutImage.Of(Archive);

        Assert.Equal(
            ["srv/m/model/config.json", "srv/m/model/sub/héé " + new string('x', 120), "srv/m/model/weights.bin"],
            TestStore.Files(image.Root).Select(file => Path.GetRelativePath(image.Root, file))
        );
        Assert.Equal(TestBytes.Of(Large), await File.ReadAllBytesAsync(image["srv/m/model/weights.bin"], Cancellation));
        Assert.Null(image.Config["config"]!["Env"]);
    }

    [Fact]
    public async Task BakeAsync_TwoReferencesToTheSameBytes_LieThereOnce()
    {
        using var one = await _store.PullAsync();
        using var two = await _store.Cache.PullAsync(FakeOrigin.Reference("other"), null, Cancellation);

        var result = await _store.Cache.BakeAsync(
            [new BakeModel(one), new BakeModel(two), new BakeModel(one)],
            Archive,
            cancellationToken: Cancellation
        );

        Assert.Equal(2, result.Layers.Count);
        using var image = LaidOutImage.Of(Archive);
        using var cache = Open(image["opt/models"]);
        foreach (var reference in new[] { one.Reference, two.Reference })
            (await cache.PullAsync(reference, new PullOptions { Offline = true }, Cancellation)).Dispose();
        Assert.Equal(2, cache.List().Count);
    }

    [Fact]
    public async Task BakeAsync_MoreLargeFilesThanEnginesStack_AreGroupedByTheirPaths()
    {
        // No bytes of theirs matter, and 130 large files would be a gigabyte: what is planned is looked at.
        using var one = await _store.PullAsync();
        var source = one.Manifest.Files.Single(file => file.Path == "weights.bin");
        var few = Plan(100);
        var many = Plan(130);
        var more = Plan(131);

        Assert.Equal(101, few.Count);
        Assert.InRange(many.Count, 2, 65);
        // One file more is one layer's business.
        Assert.Equal(1, many.Zip(more).Count(pair => !pair.First.SequenceEqual(pair.Second, StringComparer.Ordinal)));

        List<List<string>> Plan(int count)
        {
            var planner = new LayerPlanner("m", isOverBase: false, mostLayers: 120, (_, _) => "");
            var models = Enumerable
                .Range(0, count)
                .Select(i => new BakeModel(one, string.Create(CultureInfo.InvariantCulture, $"model-{i:000}")));
            return
            [
                .. planner
                    .PlanFiles(models)
                    .Select(layer =>
                        layer
                            .Items.Where(item => item.Entry.SizeBytes == source.SizeBytes)
                            .Select(item => item.Entry.Path)
                            .ToList()
                    ),
            ];
        }
    }

    [Fact]
    public async Task BakeAsync_Labels_TellWhatIsInIt()
    {
        await BakeAsync(
            new BakeOptions { Tag = "registry.example/prices:1", Environment = ["A=b", "LARDER_OFFLINE=1"] }
        );
        using var image = LaidOutImage.Of(Archive);

        var settings = image.Config["config"]!;
        var model = Assert.Single(
            JsonNode.Parse(settings["Labels"]!["io.larder.models"]!.GetValue<string>())!.AsArray()
        );
        Assert.Equal(_store.Reference.Text, model!["reference"]!.GetValue<string>());
        Assert.Equal(
            ["LARDER__STORE__LOWER=/opt/models", "A=b", "LARDER_OFFLINE=1"],
            settings["Env"]!.AsArray().Select(variable => variable!.GetValue<string>())
        );
        var annotations = image.Index["manifests"]![0]!["annotations"]!;
        Assert.Equal("registry.example/prices:1", annotations["io.containerd.image.name"]!.GetValue<string>());
        Assert.Equal("registry.example/prices:1", annotations["org.opencontainers.image.ref.name"]!.GetValue<string>());
        Assert.Equal(2, image.Config["history"]!.AsArray().Count);
    }

    [Fact]
    public async Task BakeAsync_ReportsItsProgress()
    {
        var progress = new RecordingProgress();

        var result = await BakeAsync(new BakeOptions { Progress = progress });

        var last = progress.Reports[^1];
        Assert.Equal((2, 2), (last.FilesDone, last.Files));
        Assert.Equal(result.Layers.Sum(layer => layer.SizeBytes), last.Bytes);
    }

    [Theory]
    [InlineData("relative", "is not absolute")]
    [InlineData("/a/../b", "'.' or '..'")]
    [InlineData("/a/.wh.b", "stands for a removal")]
    [InlineData("/", "A store has a directory of its own")]
    public async Task BakeAsync_PathThatCannotBe_IsRefused(string path, string message)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => BakeAsync(new BakeOptions { Path = path }));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Archive));
    }

    [Fact]
    public async Task BakeAsync_NamesThatCannotBe_AreRefused()
    {
        using var snapshot = await _store.PullAsync();
        var options = new BakeOptions { Layout = BakeLayout.Files };

        await Refuses("one in the other", new BakeModel(snapshot, "a"), new BakeModel(snapshot, "a/b"));
        await Refuses("one in the other", new BakeModel(snapshot, "a"), new BakeModel(snapshot, "a"));
        await Refuses("'.' or '..'", new BakeModel(snapshot, "../a"));
        await Refuses("There is no model");

        async Task Refuses(string message, params BakeModel[] models) =>
            Assert.Contains(
                message,
                (
                    await Assert.ThrowsAsync<ArgumentException>(() =>
                        _store.Cache.BakeAsync(models, Archive, options, Cancellation)
                    )
                ).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task BakeAsync_FileWhoseNameStandsForARemoval_IsRefused()
    {
        _store.Origin.Put("sub/.wh.x", [1]);

        var refused = await Assert.ThrowsAsync<ImageException>(() => BakeAsync());

        Assert.Contains("Leave it out with --exclude", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BakeAsync_DamagedBlob_IsNotBaked()
    {
        using var snapshot = await _store.PullAsync();
        var blob = _store.Cache.FindFile(snapshot, snapshot.Manifest.Files.Single(file => file.Path == "weights.bin"));
        Tamper.Bit(blob, 5_000_000);

        var refused = await Assert.ThrowsAsync<StoreException>(() => BakeAsync());

        Assert.Contains("larder verify --repair", refused.Message, StringComparison.Ordinal);
        AssertNothingLeft();
    }

    [Fact]
    public async Task BakeAsync_ClearedWhileItIsHeld_SaysSo()
    {
        using var snapshot = await _store.PullAsync();
        _store.Origin.Put("config.json", TestBytes.Of(7, seed: 9));
        (await _store.PullAsync(new PullOptions { Refresh = true })).Dispose();

        var refused = await Assert.ThrowsAsync<StoreException>(() =>
            _store.Cache.BakeAsync([new BakeModel(snapshot)], Archive, null, Cancellation)
        );

        Assert.Contains("pulled in another version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BakeAsync_CancelledInTheMiddle_LeavesWhatWasThere()
    {
        await File.WriteAllTextAsync(Archive, "old", Cancellation);
        using var source = new CancellationTokenSource();
        using var snapshot = await _store.PullAsync();
        var options = new BakeOptions { Progress = new CancellingProgress(source) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _store.Cache.BakeAsync([new BakeModel(snapshot)], Archive, options, source.Token)
        );

        Assert.Equal("old", await File.ReadAllTextAsync(Archive, Cancellation));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Archive)!));
    }

    [Fact]
    public async Task BakeAsync_WhatAKilledOneLeft_IsTakenOver()
    {
        var left = _store[".larder-image.tar.part"];
        await File.WriteAllBytesAsync(left, TestBytes.Of(Large * 2), Cancellation);

        await BakeAsync();

        Assert.False(File.Exists(left));
        LaidOutImage.Of(Archive).Dispose();
    }

    [Fact]
    public async Task BakeAsync_SomebodyElseIsWritingIt_IsRefused()
    {
        await using (ImageOutput.Create(Archive, 0))
            await Assert.ThrowsAsync<ImageException>(() => BakeAsync());

        await BakeAsync();
    }

    [Theory]
    [InlineData("nowhere/image.tar", "There is no directory")]
    [InlineData("store", "is a directory")]
    public async Task BakeAsync_OutputThatCannotBe_IsExplained(string name, string message)
    {
        using var snapshot = await _store.PullAsync();

        var refused = await Assert.ThrowsAsync<ImageException>(() =>
            _store.Cache.BakeAsync([new BakeModel(snapshot)], _store[name], null, Cancellation)
        );

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _store.Dispose();

    private async Task<BakeResult> BakeAsync(BakeOptions? options = null)
    {
        using var snapshot = await _store.PullAsync(new PullOptions { Refresh = true });
        return await _store.Cache.BakeAsync([new BakeModel(snapshot)], Archive, options, Cancellation);
    }

    private ModelCache Open(string lower) =>
        new(
            new ModelCacheOptions { StorePath = _store["upper"], LowerStorePath = lower },
            [_store.Origin],
            _store.Time,
            _store.Log
        );

    private void AssertNothingLeft() => Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Archive)!));

    private sealed class CancellingProgress(CancellationTokenSource source)
        : IProgress<Larder.Transfer.TransferProgress>
    {
        public void Report(Larder.Transfer.TransferProgress value) => source.Cancel();
    }
}
