using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Derived;
using Larder.Origins;
using Larder.Pull;
using Larder.TestKit;

namespace Larder.Tests;

/// <summary>What a clear is said to do is what it does.</summary>
public sealed class ClearPreviewTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task PreviewClearAsync_All_IsWhatTheClearDoes()
    {
        await PullAsync("a", 5000, seed: 1);
        await PullAsync("b", 5000, seed: 1);
        await PullAsync("c", 700, seed: 2);
        await _store.Cache.PinAsync(
            FakeOrigin.Reference("c"),
            cancellationToken: TestContext.Current.CancellationToken
        );

        var preview = await PreviewAsync(null, null);
        var cleared = await _store.Cache.ClearAsync(null, TestContext.Current.CancellationToken);

        Assert.Equal((2, 5000L), (preview.Removed.Count, preview.FreedBytes));
        Assert.Equal((preview.Removed.Count, preview.FreedBytes), (cleared.RemovedEntries, cleared.FreedBytes));
        Assert.Equal((FakeOrigin.Reference("c").Text, true), (preview.Kept[0].Reference, preview.Kept[0].IsPinned));
        Assert.Equal(cleared.KeptInUse, preview.Kept.Select(entry => entry.Reference));
    }

    [Fact]
    public async Task PreviewClearAsync_SharedFiles_FreesOnlyWhatIsItsOwn()
    {
        await PullAsync("a", 5000, seed: 1);
        await PullAsync("b", 5000, seed: 1);
        var reference = FakeOrigin.Reference("a");

        var preview = await PreviewAsync(reference.Text, PullRequest.KeyOf(reference));
        var cleared = await _store.Cache.ClearAsync(
            reference,
            new PullOptions(),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(reference.Text, Assert.Single(preview.Removed).Reference);
        Assert.Equal((0, cleared.FreedBytes), (preview.FreedBytes, preview.FreedBytes));
    }

    [Fact]
    public async Task PreviewClearAsync_Leased_IsKeptUnlessItsHolderLetsGoBefore()
    {
        using var held = await PullAsync("a", 5000, seed: 1, keep: true);

        var now = await PreviewAsync(null, null);
        var then = await PreviewAsync(null, null, version => version == held!.Digest);

        Assert.Equal((0, false), (now.Removed.Count, Assert.Single(now.Kept).IsPinned));
        Assert.Equal((1, 5000L), (then.Removed.Count, then.FreedBytes));
        Assert.Empty(then.Kept);
    }

    [Fact]
    public async Task PreviewClearAsync_ModelWithWhatWasMadeOfIt_TakesBoth()
    {
        await PullAsync("a", 5000, seed: 1);
        await PullAsync("b", 300, seed: 9);
        var model = _store.Cache.Find(FakeOrigin.Reference("a"))!;
        await MakeAsync(model, 900);
        var made = _store.Cache.List().Single(entry => entry.Kind == "pass");

        var whole = await PreviewAsync(model.Reference, ModelCache.KeyOf(model));
        var alone = await PreviewAsync(made.Reference, ModelCache.KeyOf(made));
        var cleared = await _store.Cache.ClearEntryAsync(model, TestContext.Current.CancellationToken);

        Assert.Equal(["model", "pass"], whole.Removed.Select(entry => entry.Kind).Order(StringComparer.Ordinal));
        Assert.Equal((5900, cleared.FreedBytes), (whole.FreedBytes, whole.FreedBytes));
        Assert.Equal(("pass", 900L), (Assert.Single(alone.Removed).Kind, alone.FreedBytes));
        Assert.Equal(FakeOrigin.Reference("b").Text, Assert.Single(_store.Cache.List()).Reference);
    }

    [Fact]
    public async Task PreviewClearAsync_EarlierVersions_GoWithTheirModel()
    {
        await PullAsync("a", 5000, seed: 1);
        _store.Origin.Put("model.bin", TestBytes.Of(4000, 2));
        using (
            await _store.Cache.PullAsync(
                FakeOrigin.Reference("a"),
                new PullOptions { Refresh = true },
                TestContext.Current.CancellationToken
            )
        ) { }

        var preview = await PreviewAsync(null, null);
        var cleared = await _store.Cache.ClearAsync(null, TestContext.Current.CancellationToken);

        Assert.Equal(9000, preview.FreedBytes);
        Assert.Equal(cleared.FreedBytes, preview.FreedBytes);
    }

    [Fact]
    public async Task PreviewClearAsync_Twice_ChangesNothing()
    {
        await PullAsync("a", 5000, seed: 1);

        var first = await PreviewAsync(null, null);
        var second = await PreviewAsync(null, null);

        Assert.Equal((first.FreedBytes, first.Removed.Count), (second.FreedBytes, second.Removed.Count));
        Assert.Equal(5000, _store.Cache.GetStatistics().Cache.Bytes);
    }

    [Fact]
    public async Task ListPulls_PullUnderWay_IsThereWithItsProgressUntilItEnds()
    {
        _store.Origin.Put("model.bin", TestBytes.Of(5000, 1));
        _store.Origin.Opening.Close();
        var told = new RecordingProgress();
        var pull = _store.PullAsync(new PullOptions { Progress = told });
        await _store.Origin.Opening.Reached;

        var running = Assert.Single(_store.Cache.ListPulls());
        _store.Origin.Opening.Open();
        using var snapshot = await pull;

        Assert.Equal(_store.Reference.Text, running.Reference);
        Assert.Empty(_store.Cache.ListPulls());
        Assert.Equal(5000, told.Reports[^1].BytesDone);
    }

    [Fact]
    public async Task ListPulls_PullThatFails_IsGone()
    {
        _store.Origin.Failure = new OriginException(OriginFailure.NotFound, "fake", "It is not there.");

        await Assert.ThrowsAsync<OriginException>(() => _store.PullAsync());

        Assert.Empty(_store.Cache.ListPulls());
    }

    private Task<ClearPreview> PreviewAsync(string? reference, EntryKey? key, Func<Digest, bool>? isReleased = null) =>
        _store.Cache.PreviewClearAsync(
            reference,
            key,
            isReleased ?? (_ => false),
            TestContext.Current.CancellationToken
        );

    private async Task<Snapshot?> PullAsync(string name, int bytes, int seed, bool keep = false)
    {
        _store.Origin.Put("model.bin", TestBytes.Of(bytes, seed));
        var snapshot = await _store.Cache.PullAsync(
            FakeOrigin.Reference(name),
            cancellationToken: TestContext.Current.CancellationToken
        );
        if (keep)
            return snapshot;
        snapshot.Dispose();
        return null;
    }

    private async Task MakeAsync(CachedModel model, int bytes)
    {
        var key = EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "pass",
                ["version"] = 1,
                ["of"] = model.Digest.ToString(),
            }
        );
        using var writer = await _store.Cache.WriteAsync(key, bytes, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(
            Path.Combine(writer.Path, "made.bin"),
            TestBytes.Of(bytes, 77),
            TestContext.Current.CancellationToken
        );
        await writer.CommitAsync(
            new DerivedSource(model.Reference, model.Digest, TimeSpan.FromSeconds(1)),
            TestContext.Current.CancellationToken
        );
    }
}
