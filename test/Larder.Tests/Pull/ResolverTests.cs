using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.TestKit;
using Larder.Tests.Pull.Archives;

namespace Larder.Tests.Pull;

public sealed class ResolverTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly TestStore _store;
    private readonly TestStore _other;

    public ResolverTests()
    {
        _store = new TestStore(time: _time);
        _other = new TestStore(time: _time);
        foreach (var origin in new[] { _store.Origin, _other.Origin })
            origin.Put("model.onnx", TestBytes.Of(3000, seed: 1)).Put("notes.txt", "notes"u8.ToArray());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task ResolveAsync_Digest_AsksNobody()
    {
        _store.Origin.IsForbidden = true;
        var digest = Digest.Of("a manifest"u8);

        var identity = await ResolveAsync(new PullOptions { Digest = digest });

        Assert.Equal($$"""{"manifest":"{{digest}}"}""", Text(identity));
        Assert.Equal(digest, identity.Manifest);
    }

    [Fact]
    public async Task ResolveAsync_OriginWithoutDigests_IsTheSameWhateverTheStoreHas()
    {
        using var snapshot = await _store.PullAsync();

        var stored = await ResolveAsync();
        _time.Advance(TimeSpan.FromHours(1));
        var listed = await ResolveAsync();
        var elsewhere = await _other.Cache.ResolveAsync(_other.Reference, cancellationToken: Token);

        Assert.Equal(
            """{"model":{"kind":"model","reference":"fake://origin/model/","version":1},"versions":{"model.onnx":"v1","notes.txt":"v2"}}""",
            Text(stored)
        );
        Assert.Equal([Text(stored), Text(stored)], [Text(listed), Text(elsewhere)]);
        Assert.Equal(
            [snapshot.Digest, snapshot.Digest, (Digest?)null],
            [stored.Manifest, listed.Manifest, elsewhere.Manifest]
        );
        Assert.Empty(_other.Origin.Opened);
    }

    [Fact]
    public async Task ResolveAsync_OriginWithDigests_IsTheManifestWithoutABytesBeingRead()
    {
        foreach (var origin in new[] { _store.Origin, _other.Origin })
            origin
                .Put("model.onnx", TestBytes.Of(3000, seed: 1), tellsDigest: true)
                .Put("notes.txt", "notes"u8.ToArray(), tellsDigest: true);
        using var snapshot = await _store.PullAsync();

        var stored = await ResolveAsync();
        var elsewhere = await _other.Cache.ResolveAsync(_other.Reference, cancellationToken: Token);

        Assert.Equal($$"""{"manifest":"{{snapshot.Digest}}"}""", Text(stored));
        Assert.Equal((Text(stored), snapshot.Digest), (Text(elsewhere), elsewhere.Manifest));
        Assert.Empty(_other.Origin.Opened);
    }

    [Fact]
    public async Task ResolveAsync_StoredAndFresh_AsksNobody()
    {
        await _store.PullAndReleaseAsync();

        await ResolveAsync();

        Assert.Equal(1, _store.Origin.Listings);
    }

    [Fact]
    public async Task ResolveAsync_NothingNewer_SparesTheNextPullTheQuestion()
    {
        await _store.PullAndReleaseAsync();
        _time.Advance(TimeSpan.FromHours(1));

        await ResolveAsync();
        var snapshot = await _store.PullAndReleaseAsync();

        Assert.Equal((PullOutcome.Hit, 2), (snapshot.Outcome, _store.Origin.Listings));
    }

    [Fact]
    public async Task ResolveAsync_OneFileIsNew_TellsTheNewVersionAndNoManifest()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Put("notes.txt", "other"u8.ToArray());

        var identity = await ResolveAsync(new PullOptions { Refresh = true });

        Assert.Equal("v3", identity.Request["versions"]!["notes.txt"]!.GetValue<string>());
        Assert.Null(identity.Manifest);
    }

    [Fact]
    public async Task ResolveAsync_Selection_CountsTheChosenFilesAlone()
    {
        var identity = await ResolveAsync(new PullOptions { Include = ["*.onnx"] });

        Assert.Equal(["model.onnx"], identity.Request["versions"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal("*.onnx", identity.Request["model"]!["include"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task ResolveAsync_QueryWithASecret_DoesNotShowIt()
    {
        var signed = ModelReference.Parse("fake://user:hunter2secret@origin/model/?token=hunter2secret");

        var identity = await _store.Cache.ResolveAsync(signed, cancellationToken: Token);

        Assert.DoesNotContain("hunter2secret", Text(identity), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolveAsync_OriginDown_IsTheStoredVersionUnlessThatIsRefused()
    {
        await _store.PullAndReleaseAsync();
        var before = Text(await ResolveAsync());
        _time.Advance(TimeSpan.FromHours(1));
        _store.Origin.Failure = new OriginException(OriginFailure.Unavailable, _store.Reference.Text, "down");

        Assert.Equal(before, Text(await ResolveAsync()));
        await Assert.ThrowsAsync<OriginException>(() => ResolveAsync(new PullOptions { StaleIfError = false }));
    }

    [Fact]
    public async Task ResolveAsync_Offline_IsTheStoredVersionOrAFailure()
    {
        var offline = new PullOptions { Offline = true };
        await Assert.ThrowsAsync<NotCachedException>(() => ResolveAsync(offline));
        await _store.PullAndReleaseAsync();
        _time.Advance(TimeSpan.FromHours(1));
        _store.Origin.IsForbidden = true;

        Assert.NotNull((await ResolveAsync(offline)).Manifest);
    }

    [Fact]
    public async Task ResolveAsync_Directories_AreTheSameWhereverTheyLieAndAreNotStored()
    {
        var (here, there) = (MakeDirectory("here"), MakeDirectory("deeper/there"));
        using var pulled = await _other.Cache.PullAsync(there, cancellationToken: Token);

        var identity = await _store.Cache.ResolveAsync(here, cancellationToken: Token);
        var elsewhere = await _other.Cache.ResolveAsync(there, cancellationToken: Token);

        Assert.Equal($$"""{"manifest":"{{pulled.Digest}}"}""", Text(identity));
        Assert.Equal(Text(identity), Text(elsewhere));
        Assert.Empty(_store.Cache.List());
        Assert.Empty(TestStore.Files(_store.Layout.Blobs));
    }

    [Fact]
    public async Task ResolveAsync_DirectoryChangedWhileItsEntryIsFresh_IsAnotherVersion()
    {
        var reference = MakeDirectory("here");
        using var before = await _store.Cache.PullAsync(reference, cancellationToken: Token);
        await File.WriteAllTextAsync(Path.Combine(_store["here"], "a.txt"), "other", Token);

        var identity = await _store.Cache.ResolveAsync(reference, cancellationToken: Token);
        using var after = await _store.Cache.PullAsync(
            reference,
            new PullOptions { Digest = identity.Manifest },
            Token
        );

        Assert.NotEqual(before.Digest, identity.Manifest);
        Assert.Equal("other", await File.ReadAllTextAsync(Path.Combine(after.Path, "a.txt"), Token));
    }

    [Fact]
    public async Task ResolveAsync_DirectoryThatChangesWhileItIsRead_IsReadAgain()
    {
        var reference = MakeDirectory("here");
        var turns = 0;
        using var cache = new ModelCache(
            new ModelCacheOptions { StorePath = _store.Root },
            [new MeddledDirectory(() => File.WriteAllText(Path.Combine(_store["here"], "a.txt"), $"{turns++}"), 2)],
            _time
        );

        var identity = await cache.ResolveAsync(reference, cancellationToken: Token);
        var settled = await _store.Cache.ResolveAsync(reference, cancellationToken: Token);

        Assert.Equal((2, settled.Manifest), (turns, identity.Manifest));
    }

    [Fact]
    public async Task ResolveAsync_DirectoryThatNeverSettles_IsAFailure()
    {
        var reference = MakeDirectory("here");
        var turns = 0;
        using var cache = new ModelCache(
            new ModelCacheOptions { StorePath = _store.Root },
            [
                new MeddledDirectory(
                    () => File.WriteAllText(Path.Combine(_store["here"], "a.txt"), $"{turns++}"),
                    int.MaxValue
                ),
            ],
            _time
        );

        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            cache.ResolveAsync(reference, cancellationToken: Token)
        );
        Assert.Equal(OriginFailure.Changed, failure.Failure);
    }

    [Fact]
    public async Task ResolveAsync_ArchivesOnDisk_AreTheSameWhereverTheyLieAndAreNotUnpacked()
    {
        var zip = Packed.Zip(("a.txt", "one"u8.ToArray()));
        var (here, there) = (Path.Combine(_store["x"], "one.zip"), Path.Combine(_store["y"], "two.zip"));
        foreach (var path in new[] { here, there })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, zip, Token);
        }
        using var pulled = await _other.Cache.PullAsync(ModelReference.OfPath(there), cancellationToken: Token);

        var identity = await _store.Cache.ResolveAsync(ModelReference.OfPath(here), cancellationToken: Token);
        var known = await _other.Cache.ResolveAsync(ModelReference.OfPath(there), cancellationToken: Token);
        var packed = await _store.Cache.ResolveAsync(
            ModelReference.OfPath(here),
            new PullOptions { Unpack = UnpackMode.None },
            Token
        );

        Assert.Equal(
            $$$"""{"archive":{"format":"zip","sha256":"{{{Digest.Of(zip)}}}"},"exclude":[],"include":[]}""",
            Text(identity)
        );
        Assert.Equal((Text(identity), pulled.Digest), (Text(known), known.Manifest));
        Assert.Null(identity.Manifest);
        Assert.NotEqual(Text(identity), Text(packed));
    }

    [Fact]
    public async Task ResolveAsync_ArchiveAtAnOrigin_IsTheVersionOfTheArchive()
    {
        var reference = ModelReference.Parse("fake://origin/model.zip");
        _store.Origin.Remove("model.onnx");
        _store.Origin.Remove("notes.txt");
        _store.Origin.Put("model.zip", Packed.Zip(("a.txt", "one"u8.ToArray())));
        var before = await _store.Cache.ResolveAsync(reference, cancellationToken: Token);
        using var pulled = await _store.Cache.PullAsync(reference, cancellationToken: Token);

        var stored = await _store.Cache.ResolveAsync(reference, cancellationToken: Token);

        Assert.Equal("v3", before.Request["versions"]!["model.zip"]!.GetValue<string>());
        Assert.Null(before.Manifest);
        Assert.Equal((Text(before), pulled.Digest), (Text(stored), stored.Manifest));
    }

    [Fact]
    public async Task ResolveAsync_TheTeamKnowsIt_AsksTheOriginNothing()
    {
        await using var fleet = new Fleet(_time);
        fleet.Origin.Put("model.onnx", TestBytes.Of(100, seed: 1));
        var first = fleet.NewMachine();
        var pulled = await fleet.PullAsync(first);
        fleet.Origin.IsForbidden = true;

        var identity = await fleet.NewMachine().ResolveAsync(fleet.Reference, cancellationToken: Token);

        Assert.Equal(pulled.Digest, identity.Manifest);
        Assert.Equal(Text(await first.ResolveAsync(fleet.Reference, cancellationToken: Token)), Text(identity));
    }

    private Task<ModelIdentity> ResolveAsync(PullOptions? options = null) =>
        _store.Cache.ResolveAsync(_store.Reference, options, Token);

    private ModelReference MakeDirectory(string name)
    {
        var path = Directory.CreateDirectory(_store[name]).FullName;
        File.WriteAllText(Path.Combine(path, "a.txt"), "one");
        Directory.CreateDirectory(Path.Combine(path, "sub"));
        File.WriteAllBytes(Path.Combine(path, "sub", "b.bin"), TestBytes.Of(2000, seed: 3));
        return ModelReference.OfPath(path);
    }

    private static string Text(ModelIdentity identity) => identity.Request.ToJsonString();

    /// <summary>A directory that somebody changes each time that a file of it is about to be read.</summary>
    private sealed class MeddledDirectory(Action meddle, int times) : IOrigin
    {
        private readonly DirectoryOrigin _directory = new();
        private int _left = times;

        public string Name => "meddled";

        public IReadOnlyList<string> Schemes => ["file"];

        public Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken) =>
            _directory.ListAsync(reference, cancellationToken);

        public Task<Stream> OpenAsync(
            ModelReference reference,
            OriginFile file,
            ByteRange? range,
            CancellationToken cancellationToken
        )
        {
            if (file.Path == "a.txt" && _left-- > 0)
                meddle();
            return _directory.OpenAsync(reference, file, range, cancellationToken);
        }
    }
}
