using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Derived;
using Larder.Store.Scrub;

namespace Larder.Tests.Derived;

public sealed class DerivedEntriesTests : IDisposable
{
    private static readonly EntryKey Key = KeyOf("one");

    private readonly TestStore _store = new();

    public DerivedEntriesTests() => _store.Origin.Put("model.onnx", "a model"u8.ToArray());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task TryOpenAsync_NothingWasMade_GivesNothing() =>
        Assert.Null(await _store.Cache.TryOpenAsync(Key, Token));

    [Fact]
    public async Task CommitAsync_Files_AnswerTheKey()
    {
        var source = await MakeAsync(Key, "made");

        using var files = await _store.Open().TryOpenAsync(Key, Token);

        Assert.NotNull(files);
        Assert.Equal("made", await File.ReadAllTextAsync(Path.Combine(files.Path, "sub", "made.txt"), Token));
        Assert.Equal(source.Duration, files.Duration);
        Assert.Null(await _store.Cache.TryOpenAsync(KeyOf("two"), Token));
        AssertNothingStaged();
    }

    [Fact]
    public async Task Dispose_WithoutCommit_LeavesNothing()
    {
        using (var writer = await _store.Cache.TryWriteAsync(Key, 100, Token))
            await File.WriteAllTextAsync(Path.Combine(writer!.Path, "made.txt"), "half", Token);

        Assert.Null(await _store.Cache.TryOpenAsync(Key, Token));
        AssertNothingStaged();
    }

    [Fact]
    public async Task CommitAsync_AnotherWasQuicker_KeepsHis()
    {
        await MakeAsync(Key, "first");
        await MakeAsync(Key, "second");

        using var files = await _store.Cache.TryOpenAsync(Key, Token);

        Assert.Equal("first", await File.ReadAllTextAsync(Path.Combine(files!.Path, "sub", "made.txt"), Token));
        Assert.Equal(2, TestStore.Files(_store.Layout.Blobs).Count);
    }

    [Fact]
    public async Task CommitAsync_NoFiles_IsRefused()
    {
        using var snapshot = await _store.PullAsync();
        using var writer = await _store.Cache.TryWriteAsync(Key, 0, Token);

        await Assert.ThrowsAsync<ManifestException>(() =>
            writer!.CommitAsync(DerivedSource.Of(snapshot, TimeSpan.Zero), Token)
        );
    }

    [Fact]
    public async Task CommitAsync_MoreThanThereIsRoomFor_IsFalse()
    {
        using var snapshot = await _store.PullAsync();
        using var cache = OpenLimited(capacityBytes: 1000);
        using var writer = await cache.TryWriteAsync(Key, 10, Token);
        await File.WriteAllBytesAsync(Path.Combine(writer!.Path, "large"), new byte[2000], Token);

        Assert.False(await writer.CommitAsync(DerivedSource.Of(snapshot, TimeSpan.Zero), Token));
        Assert.Null(await cache.TryOpenAsync(Key, Token));
    }

    [Fact]
    public async Task TryWriteAsync_NoRoom_GivesNothingAndEvictsNothing()
    {
        await _store.PullAndReleaseAsync();
        using var cache = OpenLimited(capacityBytes: 1000);

        Assert.Null(await cache.TryWriteAsync(Key, 2000, Token));
        Assert.Single(cache.List());
        AssertNothingStaged();
    }

    [Fact]
    public async Task TryOpenAsync_KeyOfAPull_IsRefused()
    {
        using var snapshot = await _store.PullAsync();
        var pull = EntryKey.Of(new JsonObject { ["kind"] = "model", ["version"] = 1 });

        await Assert.ThrowsAsync<ArgumentException>(() => _store.Cache.TryOpenAsync(pull, Token));
    }

    [Fact]
    public async Task RemoveAsync_Leased_StaysUntilNobodyHasIt()
    {
        await MakeAsync(Key, "made");
        using (await _store.Cache.TryOpenAsync(Key, Token))
            Assert.False(await _store.Cache.RemoveAsync(Key, Token));

        Assert.True(await _store.Cache.RemoveAsync(Key, Token));
        Assert.False(await _store.Cache.RemoveAsync(Key, Token));
        Assert.Equal(["model"], _store.Cache.List().Select(entry => entry.Kind));
    }

    [Fact]
    public async Task List_WhatWasMade_FollowsItsModelAndIsNoModel()
    {
        var source = await MakeAsync(Key, "made");

        var entries = _store.Cache.List();

        Assert.Equal(
            [("model", (Digest?)null), ("test", source.Manifest)],
            entries.Select(entry => (entry.Kind, entry.DerivedFrom))
        );
        Assert.All(entries, entry => Assert.Equal(_store.Reference.Text, entry.Reference));
        Assert.Equal(Key.Digest, Assert.Single(_store.Cache.ListDerived(source.Manifest)).Key);
        Assert.Single(_store.Cache.FindAll(_store.Reference));
        var statistics = _store.Cache.GetStatistics();
        Assert.Equal((1, "a model".Length), (statistics.TotalModels, (int)statistics.TotalSizeBytes));
    }

    [Fact]
    public async Task TryOpenAsync_Hit_IsCounted()
    {
        await MakeAsync(Key, "made");
        var before = _store.Cache.GetStatistics().Cache.Hits;

        using (await _store.Cache.TryOpenAsync(Key, Token)) { }

        Assert.Equal(before + 1, _store.Cache.GetStatistics().Cache.Hits);
    }

    [Fact]
    public async Task ClearAsync_TheModelWasEvictedBefore_RemovesWhatWasMadeFromIt()
    {
        await MakeAsync(Key, "made");
        using (await _store.Cache.TryOpenAsync(Key, Token))
            await _store.Cache.EvictAsync(new EvictOptions { ToBytes = 0 }, Token);
        Assert.Equal(["test"], _store.Cache.List().Select(entry => entry.Kind));

        await _store.Cache.ClearAsync(_store.Reference, Token);

        Assert.Empty(_store.Cache.List());
    }

    [Fact]
    public async Task EvictAsync_WhatWasMade_IsNamedByItsKind()
    {
        await MakeAsync(Key, "made");
        await _store.Cache.PinAsync(_store.Reference, cancellationToken: Token);

        var evicted = await _store.Cache.EvictAsync(new EvictOptions { ToBytes = 0 }, Token);

        Assert.Equal([$"{_store.Reference.Text} (test)"], evicted.Removed);
    }

    [Fact]
    public async Task VerifyAsync_WhatWasMadeIsDamaged_RepairRemovesIt()
    {
        await MakeAsync(Key, "made");
        Tamper.InPlace(_store.Layout.Blob(Digest.Of("made"u8)));

        var report = await _store.Cache.VerifyAsync(_store.Reference, new VerifyOptions { Repair = true }, Token);

        Assert.All(report.Findings, finding => Assert.True(finding.IsRepaired, finding.Message));
        Assert.Equal(["model"], _store.Cache.List().Select(entry => entry.Kind));
        Assert.Empty((await _store.Cache.VerifyAsync(null, null, Token)).Findings);
    }

    private static EntryKey KeyOf(string name) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "test",
                ["version"] = 1,
                ["name"] = name,
            }
        );

    private async Task<DerivedSource> MakeAsync(EntryKey key, string text)
    {
        using var snapshot = await _store.PullAsync();
        using var writer = await _store.Cache.TryWriteAsync(key, text.Length, Token);
        Directory.CreateDirectory(Path.Combine(writer!.Path, "sub"));
        await File.WriteAllTextAsync(Path.Combine(writer.Path, "sub", "made.txt"), text, Token);
        var source = DerivedSource.Of(snapshot, TimeSpan.FromSeconds(2));
        Assert.True(await writer.CommitAsync(source, Token));
        return source;
    }

    private ModelCache OpenLimited(long capacityBytes) =>
        new(new ModelCacheOptions { StorePath = _store.Root, CapacityBytes = capacityBytes }, [_store.Origin]);

    private void AssertNothingStaged() => Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Layout.Staging));
}
