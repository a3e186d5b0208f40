using System.Runtime.Versioning;
using System.Text.Json;
using Larder.HuggingFace.Export;
using Larder.Origins;
using Larder.TestKit;
using Larder.TestKit.Hub;

namespace Larder.HuggingFace.Tests.Export;

public sealed class HubCacheTests : HubTests
{
    private const string Folder = "models--org--repo";

    private string Root => At("hub");

    private HubCacheReader Reader => new(Root, Folder);

    [Fact]
    public async Task Export_Branch_IsWhatTheClientsFindOffline()
    {
        PutModel();
        var cache = Cache();
        var snapshot = await PullAsync(cache);

        var export = new HubCache(Root).Export(cache, snapshot);

        AssertFound(Reader, "main");
        Assert.Equal(Path.Combine(Root, Folder, "snapshots", Repository.Head), export.Path);
        Assert.Equal(
            (Id, "main", Repository.Head, 4),
            (export.Repository, export.Revision, export.Commit, export.Files)
        );
        Assert.Equal(
            ("../../blobs/" + Name("config.json"), "../../../../blobs/" + Name("onnx/deep/weights.bin")),
            (
                new FileInfo(Path.Combine(export.Path, "config.json")).LinkTarget,
                new FileInfo(Path.Combine(export.Path, "onnx/deep/weights.bin")).LinkTarget
            )
        );
        Assert.Equal(Repository.FilesOf(Repository.Head).Keys.Select(Name).Order(StringComparer.Ordinal), Reader.Blobs);
        Assert.StartsWith(
            "Signature: 8a477f597d28d172789f06886806bc55\n",
            await File.ReadAllTextAsync(Path.Combine(Root, "CACHEDIR.TAG"), Cancellation),
            StringComparison.Ordinal
        );
        AssertNothingUnderWay();
    }

    [Fact]
    public async Task Export_Progress_CountsTheFiles()
    {
        PutModel();
        var cache = Cache();
        var snapshot = await PullAsync(cache);
        var progress = new CollectedProgress<WorkProgress>();

        var export = new HubCache(Root) { Progress = progress }.Export(cache, snapshot);

        Assert.Equal(
            Enumerable
                .Range(0, export.Files)
                .Select(number => new WorkProgress(WorkStage.WritingFiles, number, export.Files)),
            progress.Told
        );
    }

    [Fact]
    public async Task Export_WholeCommit_HasTheListThatTheHubHas()
    {
        PutModel();
        var cache = Cache();
        new HubCache(Root).Export(cache, await PullAsync(cache));

        using var tree = JsonDocument.Parse(
            await File.ReadAllBytesAsync(Path.Combine(Root, Folder, "trees", $"{Repository.Head}.json"), Cancellation)
        );

        Assert.Equal(1, tree.RootElement.GetProperty("format_version").GetInt32());
        var files = Repository.FilesOf(Repository.Head);
        Assert.Equal(
            files
                .Select(file =>
                    (
                        file.Key,
                        (long)file.Value.Bytes.Length,
                        file.Value.Oid,
                        file.Value.IsLarge ? file.Value.Sha256 : null
                    )
                )
                .Order(),
            tree.RootElement.GetProperty("files")
                .EnumerateObject()
                .Select(file =>
                    (
                        file.Name,
                        file.Value.GetProperty("size").GetInt64(),
                        file.Value.GetProperty("blob_id").GetString()!,
                        file.Value.TryGetProperty("lfs_sha256", out var large) ? large.GetString() : null
                    )
                )
                .Order()
        );
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task Export_Files_AreTheStoresOwnAndReadOnly()
    {
        PutModel();
        var cache = Cache();

        var export = new HubCache(Root).Export(cache, await PullAsync(cache));

        Assert.Equal(0, export.CopiedBytes);
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(Root, Folder, "blobs")),
            blob =>
                Assert.Equal(
                    UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                    File.GetUnixFileMode(blob)
                )
        );
    }

    [Fact]
    public async Task Export_OnAnotherFileSystem_Copies()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "There is no second file system.");
        PutModel();
        var cache = Cache();
        var root = Directory.CreateDirectory($"/dev/shm/larder-test-{Guid.NewGuid():n}").FullName;
        try
        {
            var export = new HubCache(root).Export(cache, await PullAsync(cache));

            Assert.Equal(Repository.FilesOf(Repository.Head).Values.Sum(file => file.Bytes.Length), export.CopiedBytes);
            AssertFound(new HubCacheReader(root, Folder), "main");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task Export_Twice_ChangesNothing()
    {
        PutModel();
        var cache = Cache();
        var snapshot = await PullAsync(cache);
        new HubCache(Root).Export(cache, snapshot);
        var steps = new List<ExportStep>();

        new HubCache(Root) { StepReached = steps.Add }.Export(cache, snapshot);

        // Links that are right are looked at and left.
        Assert.Equal([ExportStep.RepositoryMade, .. Enumerable.Repeat(ExportStep.Linked, 4)], steps);
        AssertFound(Reader, "main");
    }

    [Fact]
    public async Task Export_NextVersion_SharesWhatIsTheSame()
    {
        PutModel();
        var cache = Cache();
        new HubCache(Root).Export(cache, await PullAsync(cache));
        var before = Repository.Head;
        Repository.Put("config.json", "{\"v\":2}"u8.ToArray());

        new HubCache(Root).Export(cache, await PullAsync(cache, refresh: true));

        AssertFound(Reader, "main");
        AssertFound(Reader, before);
        Assert.Equal(5, Reader.Blobs.Count);
    }

    [Fact]
    public async Task Export_CommitThatOnlyChangedElsewhere_IsTheNewCommit()
    {
        PutModel();
        var cache = Cache();
        await PullAsync(cache, Reference("@main/onnx/"));
        Repository.Put("README.md", "new"u8.ToArray());

        var export = new HubCache(Root).Export(cache, await PullAsync(cache, Reference("@main/onnx/"), refresh: true));

        Assert.Equal(Repository.Head, export.Commit);
    }

    [Theory]
    [InlineData("@main/onnx/", "onnx/deep/weights.bin", "onnx/model.onnx")]
    [InlineData("@main/onnx/deep/weights.bin", "onnx/deep/weights.bin")]
    public async Task Export_PartOfARepository_IsWhereItBelongsAndClaimsNoMore(string rest, params string[] paths)
    {
        PutModel();
        var cache = Cache();

        new HubCache(Root).Export(cache, await PullAsync(cache, Reference(rest)));

        Assert.Empty(Reader.Faults());
        Assert.Equal(paths, Reader.Offline("main")!.Keys.Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(Root, Folder, "trees")), "It says that all files are there.");
    }

    [Fact]
    public async Task Export_Commit_HasNoRef()
    {
        PutModel();
        var cache = Cache();

        var export = new HubCache(Root).Export(cache, await PullAsync(cache, Reference($"@{Repository.Head}")));

        Assert.Null(export.Revision);
        Assert.Empty(Reader.Refs);
        AssertFound(Reader, Repository.Head);
    }

    [Theory]
    [InlineData("refs/pr/1", "@refs/pr/1")]
    [InlineData("feature/a", "@feature%2Fa")]
    public async Task Export_RefWithSlashes_IsADirectory(string name, string revision)
    {
        PutModel();
        Repository.Name(name);
        var cache = Cache();

        new HubCache(Root).Export(cache, await PullAsync(cache, Reference(revision)));

        Assert.True(File.Exists(Path.Combine(Root, Folder, "refs", name)));
        AssertFound(Reader, name);
    }

    [Theory]
    [InlineData("datasets", "org/data", "hf://datasets/org/data", "datasets--org--data")]
    [InlineData("models", "gpt2", "hf://gpt2", "models--gpt2")]
    public async Task Export_AnyKind_HasItsDirectory(string kind, string id, string reference, string folder)
    {
        Hub.Create(id, kind).Put("a.txt", [1]);
        var cache = Cache();

        new HubCache(Root).Export(cache, await PullAsync(cache, ModelReference.Parse(reference)));

        var reader = new HubCacheReader(Root, folder);
        Assert.Empty(reader.Faults());
        Assert.Equal(["a.txt"], reader.Offline("main")!.Keys);
    }

    [Theory]
    [InlineData("house prices -- v2..x", null, "models--larder--house-prices-v2.x")]
    [InlineData("模型", null, "models--larder--model")]
    [InlineData("any", "my-org/prices", "models--my-org--prices")]
    [InlineData("any", "datasets/my-org/prices", "datasets--my-org--prices")]
    public async Task Export_OfAnotherOrigin_IsNamedByItsVersion(string directory, string? repository, string folder)
    {
        Directory.CreateDirectory(At(directory));
        await File.WriteAllBytesAsync(At($"{directory}/model.onnx"), TestBytes.Of(1000), Cancellation);
        var cache = Cache();
        var snapshot = await PullAsync(cache, ModelReference.OfPath(At(directory)));

        var export = new HubCache(Root).Export(cache, snapshot, repository);

        var reader = new HubCacheReader(Root, folder);
        Assert.Empty(reader.Faults());
        Assert.Equal(snapshot.Digest.ToString()[..40], export.Commit);
        Assert.Equal(TestBytes.Of(1000), reader.Offline("main")!["model.onnx"]);
    }

    [Theory]
    [InlineData("a/b/c")]
    [InlineData("../x")]
    [InlineData("a--b/c")]
    [InlineData("/etc")]
    [InlineData("")]
    public async Task Export_ToNoRepository_IsRefused(string repository)
    {
        PutModel();
        var cache = Cache();
        var snapshot = await PullAsync(cache);

        Assert.False(HubCache.IsRepository(repository));
        Assert.Throws<ArgumentException>(() => new HubCache(Root).Export(cache, snapshot, repository));
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public async Task Export_EndedAtAnyStep_IsReadableAndTheNextOneCompletesIt()
    {
        PutModel();
        var cache = Cache();
        new HubCache(Root).Export(cache, await PullAsync(cache));
        var before = Repository.Head;
        Repository.Put("onnx/model.onnx", TestBytes.Of(6000, seed: 9));
        Repository.Put("new.txt", [1]);
        var snapshot = await PullAsync(cache, refresh: true);
        var steps = new List<ExportStep>();
        Copy(Root, At("counted"));
        new HubCache(At("counted")) { StepReached = steps.Add }.Export(cache, snapshot);

        for (var end = 0; end < steps.Count; end++)
        {
            var root = At($"ended-{end}");
            Copy(Root, root);
            var reader = new HubCacheReader(root, Folder);
            var left = end;

            Assert.Throws<EndedException>(() =>
                new HubCache(root)
                {
                    StepReached = _ =>
                    {
                        // What is on the disk now is what a process leaves that ends here.
                        Assert.Empty(reader.Faults());
                        AssertFound(reader, before);
                        if (left-- == 0)
                            throw new EndedException();
                    },
                }.Export(cache, snapshot)
            );

            new HubCache(root).Export(cache, snapshot);
            AssertFound(reader, "main");
            AssertFound(reader, before);
        }
    }

    [Fact]
    public async Task Export_IntoNothingEndedAtAnyStep_IsReadable()
    {
        PutModel();
        var cache = Cache();
        var snapshot = await PullAsync(cache);
        var seen = new List<ExportStep>();

        new HubCache(Root)
        {
            StepReached = step =>
            {
                seen.Add(step);
                Assert.Empty(Reader.Faults());
            },
        }.Export(cache, snapshot);

        Assert.Equal(Enum.GetValues<ExportStep>(), seen.Distinct().Order());
    }

    [Fact]
    public async Task Export_ManyAtOnce_IsOneResult()
    {
        PutModel();
        var cache = Cache();
        var snapshot = await PullAsync(cache);

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Factory.StartNew(
                        () => new HubCache(Root).Export(cache, snapshot),
                        Cancellation,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
        );

        AssertFound(Reader, "main");
        Assert.Equal(4, Reader.Blobs.Count);
        AssertNothingUnderWay();
    }

    [Fact]
    public async Task Export_OverWhatIsWrong_MendsIt()
    {
        PutModel();
        var cache = Cache();
        var snapshot = await PullAsync(cache);
        var export = new HubCache(Root).Export(cache, snapshot);
        var blob = Path.Combine(Root, Folder, "blobs", Name("config.json"));
        File.Delete(blob);
        await File.WriteAllTextAsync(blob, "broken off", Cancellation);
        File.Delete(Path.Combine(export.Path, "onnx/model.onnx"));
        await File.WriteAllTextAsync(Path.Combine(export.Path, "onnx/model.onnx"), "no link", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(Root, Folder, "refs/main"), new string('0', 40), Cancellation);

        new HubCache(Root).Export(cache, snapshot);

        AssertFound(Reader, "main");
    }

    [Fact]
    public async Task Export_DirectoryThatCannotBe_SaysWhere()
    {
        PutModel();
        var cache = Cache();
        var snapshot = await PullAsync(cache);
        await File.WriteAllTextAsync(At("file"), "", Cancellation);

        var failure = Assert.Throws<ExportException>(() => new HubCache(At("file")).Export(cache, snapshot));

        Assert.Contains($"could not be put into '{At("file")}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_VersionThatTheStoreHasLeft_SaysWhatToDo()
    {
        PutModel();
        var cache = Cache();
        var snapshot = await PullAsync(cache);
        Repository.Put("config.json", [7]);
        await PullAsync(cache, refresh: true);

        var failure = Assert.Throws<ExportException>(() => new HubCache(Root).Export(cache, snapshot));

        Assert.Contains("hf://org/repo@COMMIT", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_ClearedFromTheStoreLater_StaysReadable()
    {
        PutModel();
        var cache = Cache();
        using (var snapshot = await cache.PullAsync(Reference(), cancellationToken: Cancellation))
            new HubCache(Root).Export(cache, snapshot);

        await cache.ClearAsync(reference: null, Cancellation);

        Assert.Empty(cache.List());
        AssertFound(Reader, "main");
    }

    private void PutModel()
    {
        Repository.Put("config.json", "{}"u8.ToArray());
        Repository.Put("README.md", "read me"u8.ToArray());
        Repository.Put("onnx/model.onnx", TestBytes.Of(5000));
        Repository.Put("onnx/deep/weights.bin", TestBytes.Of(7000, seed: 2));
    }

    private string Name(string path)
    {
        var file = Repository.FilesOf(Repository.Head)[path];
        return file.IsLarge ? file.Sha256 : file.Oid;
    }

    private void AssertFound(HubCacheReader reader, string revision)
    {
        Assert.Empty(reader.Faults());
        var files = reader.Offline(revision);
        Assert.NotNull(files);
        Assert.Equal(
            Repository
                .FilesOf(Repository.Resolve(revision)!)
                .Select(file => (file.Key, Convert.ToHexString(file.Value.Bytes)))
                .Order(),
            files.Select(file => (file.Key, Convert.ToHexString(file.Value))).Order()
        );
    }

    private void AssertNothingUnderWay()
    {
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories),
            path => path.EndsWith(".incomplete", StringComparison.Ordinal)
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Root, ".locks")));
    }

    private static void Copy(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (new FileInfo(path).LinkTarget is { } target)
                File.CreateSymbolicLink(copy, target);
            else
                File.Copy(path, copy);
        }
        Directory.CreateDirectory(Path.Combine(to, ".locks"));
    }

    private sealed class EndedException : Exception;
}
