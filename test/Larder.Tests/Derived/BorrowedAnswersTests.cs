using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Derived;
using Larder.Sharing;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Derived;

public sealed class BorrowedAnswersTests : IAsyncDisposable
{
    private static readonly EntryKey One = KeyOf("one");
    private static readonly EntryKey Two = KeyOf("two");
    private static readonly DerivedSource Source = new("s3://bucket/model/", Digest.Of("model"u8), TimeSpan.FromSeconds(3));

    private readonly TestStore _store = new();
    private readonly TestStore _other = new();
    private readonly FakeSharedStore _objects = new();
    private readonly SharedCache _shared;
    private readonly SharedCache _others;

    public BorrowedAnswersTests()
    {
        _shared = new SharedCache(_objects);
        _others = new SharedCache(_objects);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        _other.Dispose();
        await _shared.DisposeAsync();
        await _others.DisposeAsync();
    }

    [Fact]
    public async Task FindDerived_IsTheEntryOrNothing()
    {
        Assert.Null(_store.Cache.FindDerived(One));
        var manifest = await MakeAsync(_store.Cache, One);

        var found = _store.Cache.FindDerived(One);

        Assert.Equal((manifest, Source.Manifest), (found!.Digest, found.DerivedFrom));
    }

    [Fact]
    public async Task TryAnswerAsync_FilesOfAnotherKey_AnswerThisOneWithoutACopy()
    {
        var manifest = await MakeAsync(_store.Cache, One);
        var blobs = TestStore.Files(_store.Layout.Blobs);

        Assert.True(await _store.Cache.TryAnswerAsync(Two, manifest, Source, Token));

        using (var files = await _store.Cache.TryOpenAsync(Two, Token))
            Assert.Equal(manifest, files!.Manifest.Digest);
        Assert.Equal(blobs, TestStore.Files(_store.Layout.Blobs));
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task TryAnswerAsync_OneKeyIsRemoved_TheOtherKeepsItsFiles()
    {
        var manifest = await MakeAsync(_store.Cache, One);
        await _store.Cache.TryAnswerAsync(Two, manifest, Source, Token);

        Assert.True(await _store.Cache.RemoveAsync(One, Token));

        using var files = await _store.Cache.TryOpenAsync(Two, Token);
        Assert.NotNull(files);
    }

    [Fact]
    public async Task TryAnswerAsync_ABlobIsMissing_IsFalseAndChangesNothing()
    {
        var manifest = await MakeAsync(_store.Cache, One);
        File.Delete(TestStore.Files(_store.Layout.Blobs)[0]);

        Assert.False(await _store.Cache.TryAnswerAsync(Two, manifest, Source, Token));
        Assert.False(await _store.Cache.TryAnswerAsync(Two, Digest.Of("unknown"u8), Source, Token));
        Assert.Null(_store.Cache.FindDerived(Two));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Layout.Staging));
    }

    [Fact]
    public async Task TryAnswerAsync_TheKeyHasAnAnswer_KeepsIt()
    {
        var first = await MakeAsync(_store.Cache, One);
        var second = await MakeAsync(_store.Cache, Two, seed: 7);

        Assert.True(await _store.Cache.TryAnswerAsync(Two, first, Source, Token));

        Assert.Equal(second, _store.Cache.FindDerived(Two)!.Digest);
    }

    [Fact]
    public async Task TryAnswerAsync_NoRoomForASecondCopy_NeedsNone()
    {
        var manifest = await MakeAsync(_store.Cache, One);
        using var full = new ModelCache(new ModelCacheOptions { StorePath = _store.Root, CapacityBytes = 6000 });

        Assert.True(await full.TryAnswerAsync(Two, manifest, Source, Token));
    }

    [Fact]
    public async Task FetchAsync_WhatAnotherPublished_IsTheAnswerHere()
    {
        var manifest = await MakeAsync(_other.Cache, One);
        var published = await _other.Cache.PublishAsync(_others, One, Token);
        var (entry, read) = await FindAsync(One);

        var fetched = await _store.Cache.FetchAsync(_shared, entry, read, Source, progress: null, Token);

        using (var files = fetched!.Files)
        {
            Assert.Equal((SharedOutcome.Published, 5003L), (published.Outcome, published.BytesSent));
            Assert.Equal((5003L, 2, manifest), (fetched.BytesFetched, fetched.FilesFetched, files.Manifest.Digest));
            Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(files.Path, "sub", "a.txt"), Token));
        }
        Assert.Equal(manifest, _store.Cache.FindDerived(One)!.Digest);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task FetchAsync_SomeBlobsAreHere_FetchesTheOthersOnly()
    {
        await MakeAsync(_other.Cache, One);
        await _other.Cache.PublishAsync(_others, One, Token);
        await MakeAsync(_store.Cache, Two, text: "another");
        var (entry, read) = await FindAsync(One);

        var fetched = await _store.Cache.FetchAsync(_shared, entry, read, Source, progress: null, Token);
        var again = await _store.Cache.FetchAsync(_shared, entry, read, Source, progress: null, Token);

        fetched!.Files.Dispose();
        again!.Files.Dispose();
        Assert.Equal((3L, 1), (fetched.BytesFetched, fetched.FilesFetched));
        Assert.Equal((0L, 0), (again.BytesFetched, again.FilesFetched));
    }

    [Fact]
    public async Task FetchAsync_WrongBytes_GivesNothingAndTheNextPublicationMendsIt()
    {
        await MakeAsync(_other.Cache, One);
        await _other.Cache.PublishAsync(_others, One, Token);
        var (entry, read) = await FindAsync(One);
        var blob = _objects.Names.Single(name =>
            name.StartsWith("blobs/", StringComparison.Ordinal) && _objects.Find(name)!.Length == 5000
        );
        _objects.Put(blob, TestBytes.Of(5000, seed: 99));

        Assert.Null(await _store.Cache.FetchAsync(_shared, entry, read, Source, progress: null, Token));

        Assert.Null(_store.Cache.FindDerived(One));
        Assert.Empty(TestStore.Files(_store.Layout.Blobs));
        Assert.Contains(_store.Log.Warnings, warning => warning.Contains("shared store", StringComparison.Ordinal));
        await MakeAsync(_store.Cache, One);
        await _store.Cache.PublishAsync(_shared, One, Token);
        Assert.Equal(TestBytes.Of(5000, seed: 5), _objects.Find(blob));
    }

    [Fact]
    public async Task FetchAsync_TheStoreRefuses_GivesNothing()
    {
        await MakeAsync(_other.Cache, One);
        await _other.Cache.PublishAsync(_others, One, Token);
        var (entry, read) = await FindAsync(One);
        _objects.Before = (_, _) => throw _objects.Fail(SharedFailure.Denied);

        Assert.Null(await _store.Cache.FetchAsync(_shared, entry, read, Source, progress: null, Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Layout.Staging));
    }

    [Fact]
    public async Task FetchAsync_StoreIsFull_EvictsAsAPullDoes()
    {
        await MakeAsync(_other.Cache, One);
        await _other.Cache.PublishAsync(_others, One, Token);
        _store.Origin.Put("model.onnx", TestBytes.Of(5000, seed: 1));
        await _store.PullAndReleaseAsync();
        using var full = new ModelCache(new ModelCacheOptions { StorePath = _store.Root, CapacityBytes = 6000 });
        var (entry, read) = await FindAsync(One);

        var fetched = await full.FetchAsync(_shared, entry, read, Source, progress: null, Token);

        fetched!.Files.Dispose();
        Assert.Equal(["pass"], full.List().Select(model => model.Kind));
    }

    [Fact]
    public async Task PublishAsync_NothingThere_PublishesNothing()
    {
        Assert.Equal(SharedOutcome.NotPublished, (await _store.Cache.PublishAsync(_shared, One, Token)).Outcome);
        Assert.Empty(_objects.Requests);
    }

    [Fact]
    public async Task WriteAsync_StoreIsFull_EvictsAsAPullDoes()
    {
        _store.Origin.Put("model.onnx", TestBytes.Of(5000, seed: 1));
        await _store.PullAndReleaseAsync();
        using var full = new ModelCache(new ModelCacheOptions { StorePath = _store.Root, CapacityBytes = 6000 });

        Assert.Null(await full.TryWriteAsync(One, 5000, Token));
        using (var writer = await full.WriteAsync(One, 5000, Token))
        {
            await File.WriteAllBytesAsync(Path.Combine(writer.Path, "b.bin"), TestBytes.Of(5000, seed: 5), Token);
            Assert.True(await writer.CommitAsync(Source, Token));
        }

        Assert.Equal(["pass"], full.List().Select(model => model.Kind));
        await Assert.ThrowsAsync<NoRoomException>(() => full.WriteAsync(Two, 10_000, Token));
    }

    private static EntryKey KeyOf(string name) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "pass",
                ["version"] = 1,
                ["name"] = name,
            }
        );

    private static async Task<Digest> MakeAsync(ModelCache cache, EntryKey key, int seed = 5, string text = "one")
    {
        using (var writer = await cache.TryWriteAsync(key, 5010, Token))
        {
            Directory.CreateDirectory(Path.Combine(writer!.Path, "sub"));
            await File.WriteAllTextAsync(Path.Combine(writer.Path, "sub", "a.txt"), text, Token);
            await File.WriteAllBytesAsync(Path.Combine(writer.Path, "b.bin"), TestBytes.Of(5000, seed), Token);
            Assert.True(await writer.CommitAsync(Source, Token));
        }
        return cache.FindDerived(key)!.Digest;
    }

    private async Task<(SharedEntry Entry, Manifest Manifest)> FindAsync(EntryKey key)
    {
        var entry = (await _shared.FindAsync([key], Token))[0];
        return (entry!, (await _shared.ReadManifestAsync(entry!, Token))!);
    }
}
