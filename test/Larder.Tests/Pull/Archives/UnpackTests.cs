using System.Diagnostics;
using System.Formats.Tar;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Pull.Archives;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Pull.Archives;

public sealed partial class UnpackTests : IDisposable
{
    private static readonly byte[] Model = TestBytes.Of(3_000_000);
    private static readonly byte[] Labels = "cat dog"u8.ToArray();

    private readonly ManualTimeProvider _time = new();
    private readonly TestStore _store;

    public UnpackTests() => _store = new TestStore(time: _time);

    private static (string, byte[])[] Files => [("model.onnx", Model), ("sub/labels.txt", Labels), ("empty", [])];

    public static TheoryData<string> Names() => ["model.zip", "model.tar", "model.tar.gz", "model.tgz", "MODEL.ZIP"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task PullAsync_Archive_HasTheFilesInIt(string name)
    {
        var packed = Pack(name, Files);
        Put(name, packed);

        using var snapshot = await PullAsync(name);

        Assert.Equal(["empty", "model.onnx", "sub/labels.txt"], snapshot.Manifest.Files.Select(file => file.Path));
        Assert.Equal(Model, await ReadAsync(snapshot, "model.onnx"));
        Assert.Equal(Labels, await ReadAsync(snapshot, "sub/labels.txt"));
        Assert.Equal((3, packed.Length), (snapshot.FilesFetched, snapshot.BytesFetched));
        snapshot.Dispose();
        Assert.DoesNotContain(
            TestStore.Files(_store.Layout.Blobs),
            path => File.ReadAllBytes(path).AsSpan().SequenceEqual(packed)
        );
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task PullAsync_ArchiveIsUnchanged_ListsAndFetchesNothing()
    {
        Put("model.zip", Packed.Zip(Files));
        (await PullAsync("model.zip")).Dispose();
        _time.Advance(TimeSpan.FromHours(1));

        using var snapshot = await PullAsync("model.zip");

        Assert.Equal((PullOutcome.Revalidated, true), (snapshot.Outcome, snapshot.FromCache));
        Assert.Equal((2, 1), (_store.Origin.Listings, _store.Origin.Opened.Count));
        _time.Advance(TimeSpan.FromHours(1));
        (await PullAsync("model.zip")).Dispose();
        Assert.Single(_store.Origin.Opened);
    }

    [Fact]
    public async Task PullAsync_ArchiveIsFresh_IsAHit()
    {
        Put("model.zip", Packed.Zip(Files));
        (await PullAsync("model.zip")).Dispose();
        _store.Origin.IsForbidden = true;

        using var snapshot = await PullAsync("model.zip");

        Assert.Equal(PullOutcome.Hit, snapshot.Outcome);
    }

    [Fact]
    public async Task PullAsync_NewArchive_IsANewVersionAndTheFilesThatAreTheSameAreStoredOnce()
    {
        Put("model.zip", Packed.Zip(Files));
        var before = await PullAsync("model.zip");
        before.Dispose();
        Put("model.zip", Packed.Zip([("model.onnx", Model), ("sub/labels.txt", "cat cow"u8.ToArray())]));

        using var after = await PullAsync("model.zip", new PullOptions { FreshFor = TimeSpan.Zero });

        Assert.Equal(PullOutcome.Miss, after.Outcome);
        Assert.NotEqual(before.Digest, after.Digest);
        Assert.Equal(
            4,
            TestStore.Files(_store.Layout.Blobs).Count(path => !path.EndsWith(".crc32c", StringComparison.Ordinal))
        );
        using var earlier = await PullAsync("model.zip", new PullOptions { Digest = before.Digest });
        Assert.Equal(Labels, await ReadAsync(earlier, "sub/labels.txt"));
    }

    [Fact]
    public async Task PullAsync_OriginTellsTheDigestOfTheArchive_ANewMarkOfTheSameBytesIsNoNewVersion()
    {
        // Packed once: an archive has the time of its packing in it.
        var packed = Packed.Zip(Files);
        _store.Origin.Put("model.zip", packed, tellsDigest: true);
        (await PullAsync("model.zip")).Dispose();
        _store.Origin.Put("model.zip", packed, tellsDigest: true);

        using var snapshot = await PullAsync("model.zip", new PullOptions { Refresh = true });

        Assert.Equal(PullOutcome.Revalidated, snapshot.Outcome);
    }

    [Fact]
    public async Task PullAsync_UnpackNone_IsTheArchiveItselfAndAnotherEntry()
    {
        var packed = Packed.Zip(Files);
        Put("model.zip", packed);
        (await PullAsync("model.zip")).Dispose();

        using var snapshot = await PullAsync("model.zip", new PullOptions { Unpack = UnpackMode.None });

        Assert.Equal(packed, await ReadAsync(snapshot, "model.zip"));
        Assert.Equal(
            [("model.zip", UnpackMode.Auto), (null, UnpackMode.None)],
            _store
                .Cache.FindAll(Reference("model.zip"))
                .Select(model => (model.Archive, model.Unpack))
                .OrderBy(pair => pair.Unpack)
        );
        Assert.Null(_store.Cache.Find(Reference("model.zip"), new PullOptions { Unpack = UnpackMode.None })!.Archive);
    }

    [Fact]
    public void KeyOf_UnpackNone_IsTheKeyFromBeforeArchivesWereUnpacked()
    {
        var reference = Reference("model.zip");
        var document = new System.Text.Json.Nodes.JsonObject
        {
            ["kind"] = "model",
            ["reference"] = reference.Text,
            ["version"] = 1,
        };

        Assert.Equal(EntryKey.Of(document), PullRequest.KeyOf(reference, new PullOptions { Unpack = UnpackMode.None }));
        document["unpack"] = "auto";
        Assert.Equal(EntryKey.Of(document), PullRequest.KeyOf(reference));
        Assert.Equal(
            PullRequest.KeyOf(Reference("model.onnx")),
            PullRequest.KeyOf(Reference("model.onnx"), new PullOptions { Unpack = UnpackMode.None })
        );
    }

    [Fact]
    public async Task PullAsync_DirectoryWithTheNameOfAnArchive_IsADirectory()
    {
        var directory = Directory.CreateDirectory(_store["models.zip"]).FullName;
        await File.WriteAllBytesAsync(Path.Join(directory, "inner.zip"), Packed.Zip(Files), Cancellation);

        using var snapshot = await _store.Cache.PullAsync(ModelReference.OfPath(directory), null, Cancellation);

        Assert.Equal("inner.zip", Assert.Single(snapshot.Manifest.Files).Path);
    }

    [Fact]
    public async Task PullAsync_ArchiveInADirectoryOrigin_IsUnpacked()
    {
        var path = _store["a model.tar.gz"];
        await File.WriteAllBytesAsync(path, Packed.TarGzip(Files), Cancellation);

        using var snapshot = await _store.Cache.PullAsync(ModelReference.OfPath(path), null, Cancellation);

        Assert.Equal(3, snapshot.Manifest.Files.Count);
    }

    [Fact]
    public async Task PullAsync_PackedByTar_IsUnpacked()
    {
        var directory = Directory.CreateDirectory(_store["here"]).FullName;
        var longName = string.Join('/', Enumerable.Repeat(new string('d', 40), 3)) + "/labels.txt";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(directory, longName))!);
        await File.WriteAllBytesAsync(Path.Join(directory, longName), Labels, Cancellation);
        foreach (var format in new[] { "gnu", "pax", "ustar", "oldgnu" })
        {
            var path = _store[$"{format}.tgz"];
            using var process = Process.Start("tar", [$"--format={format}", "-czf", path, "-C", directory, "."]);
            await process.WaitForExitAsync(Cancellation);

            using var snapshot = await _store.Cache.PullAsync(ModelReference.OfPath(path), null, Cancellation);

            Assert.Equal(longName, Assert.Single(snapshot.Manifest.Files).Path);
        }
    }

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public async Task PullAsync_TarOfEachFormat_IsUnpacked(TarEntryFormat format)
    {
        var name = format is TarEntryFormat.V7 or TarEntryFormat.Ustar
            ? "top/model.onnx"
            : $"top/{new string('n', 180)}";
        Put("model.tar", Packed.Tar(format, ("top/", TarEntryType.Directory, []), Packed.File(name, Model)));

        using var snapshot = await PullAsync("model.tar");

        Assert.Equal(name, Assert.Single(snapshot.Manifest.Files).Path);
        Assert.Equal(Model, await ReadAsync(snapshot, name));
    }

    [Fact]
    public async Task PullAsync_DirectoryThatAllFilesShare_IsKept()
    {
        Put("model.zip", Packed.Zip(("release-1/a", [1]), ("release-1/b", [2])));

        using var snapshot = await PullAsync("model.zip");

        Assert.Equal(["release-1/a", "release-1/b"], snapshot.Manifest.Files.Select(file => file.Path));
    }

    [Fact]
    public async Task PullAsync_ArchiveInAnArchive_IsAFile()
    {
        Put("model.zip", Packed.Zip(("inner.zip", Packed.Zip(Files))));

        using var snapshot = await PullAsync("model.zip");

        Assert.Equal("inner.zip", Assert.Single(snapshot.Manifest.Files).Path);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task PullAsync_Patterns_AreForTheFilesInIt(string name)
    {
        Put(name, Pack(name, Files));

        using var snapshot = await PullAsync(
            name,
            new PullOptions { Include = ["sub/", "empty"], Exclude = ["empty"] }
        );

        Assert.Equal("sub/labels.txt", Assert.Single(snapshot.Manifest.Files).Path);
    }

    [Fact]
    public async Task PullAsync_PatternsThatLeaveNothing_NameWhatIsInIt()
    {
        Put("model.zip", Packed.Zip(Files));

        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            PullAsync("model.zip", new PullOptions { Include = ["*.bin"] })
        );

        Assert.Contains("include '*.bin'. There are 'empty', 'model.onnx'", failure.Message, StringComparison.Ordinal);
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task PullAsync_LinkThatIsNotChosen_IsNoMatter()
    {
        Put(
            "model.tar",
            Packed.Tar(
                TarEntryFormat.Pax,
                Packed.File("model.onnx", Model),
                ("latest", TarEntryType.SymbolicLink, "model.onnx"u8.ToArray())
            )
        );

        using var snapshot = await PullAsync("model.tar", new PullOptions { Exclude = ["latest"] });

        Assert.Single(snapshot.Manifest.Files);
    }

    [Fact]
    public async Task PullAsync_SnapshotsAreCopies_ReservesAndCopies()
    {
        using var store = new TestStore(MaterializeMode.Copy);
        store.Origin.Put("model.zip", Packed.Zip(Files));

        using var snapshot = await store.Cache.PullAsync(Reference("model.zip"), null, Cancellation);

        Assert.Equal(Model, await ReadAsync(snapshot, "model.onnx"));
        snapshot.Dispose();
        StoreAudit.AssertWhole(store.Root);
    }

    [Fact]
    public async Task PullAsync_ManyCallersAtOnce_UnpackOnce()
    {
        Put("model.zip", Packed.Zip(Files));
        _store.Origin.Opening.Close();
        var pulls = Enumerable.Range(0, 16).Select(_ => PullAsync("model.zip")).ToList();
        await _store.Origin.Opening.Reached;
        _store.Origin.Opening.Open();

        foreach (var pull in pulls)
            (await pull).Dispose();

        Assert.Single(_store.Origin.Opened);
    }

    [Fact]
    public async Task PullAsync_ArchiveIsThereAsAFile_IsUnpackedFromThere()
    {
        _store.Origin.Put("model.zip", Packed.Zip(Files), tellsDigest: true);
        (await PullAsync("model.zip", new PullOptions { Unpack = UnpackMode.None })).Dispose();

        using var snapshot = await PullAsync("model.zip");

        Assert.True(snapshot.FromCache);
        Assert.Single(_store.Origin.Opened);
        snapshot.Dispose();
        StoreAudit.AssertWhole(_store.Root);
    }

    public void Dispose() => _store.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static byte[] Pack(string name, (string, byte[])[] files) =>
        ArchiveNames.FormatOf(name) switch
        {
            ArchiveFormat.Zip => Packed.Zip(files),
            ArchiveFormat.Tar => Packed.Tar(files),
            _ => Packed.TarGzip(files),
        };

    private static ModelReference Reference(string name) => ModelReference.Parse($"fake://origin/models/{name}");

    private void Put(string name, byte[] bytes) => _store.Origin.Put(name, bytes);

    private Task<Snapshot> PullAsync(string name, PullOptions? options = null) =>
        _store.Cache.PullAsync(Reference(name), options, Cancellation);

    private static Task<byte[]> ReadAsync(Snapshot snapshot, string path) =>
        File.ReadAllBytesAsync(Path.Join(snapshot.Path, path), Cancellation);
}
