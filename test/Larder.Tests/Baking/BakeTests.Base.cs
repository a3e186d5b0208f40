using System.Text;
using System.Text.Json.Nodes;
using Larder.Baking;
using Larder.Content;
using Larder.Pull;
using Larder.TestKit;

namespace Larder.Tests.Baking;

// On top of another image.
public sealed partial class BakeTests
{
    private static readonly byte[] Shell = TestBytes.Of(3000, seed: 40);

    private string Base => _store["base.tar"];

    [Theory]
    [InlineData("")]
    [InlineData("+gzip")]
    public async Task BakeAsync_OverABase_KeepsItsLayersAndConfiguration(string packing)
    {
        var builder = new ImageBuilder
        {
            Settings =
            {
                ["author"] = "somebody",
                ["config"] = new JsonObject
                {
                    ["Env"] = new JsonArray("PATH=/bin", "LARDER__STORE__LOWER=/old"),
                    ["Entrypoint"] = new JsonArray("/bin/sh"),
                    ["Labels"] = new JsonObject { ["a"] = "b" },
                },
                ["history"] = new JsonArray(
                    new JsonObject { ["created_by"] = "one" },
                    new JsonObject { ["created_by"] = "two", ["empty_layer"] = true }
                ),
            },
        };
        builder.AddLayer(packing, TarEntries.File("bin/sh", Shell)).AddImage().Write(Base);

        var result = await BakeAsync(new BakeOptions { BaseArchive = Base });

        using var image = LaidOutImage.Of(Archive);
        Assert.Equal(4, result.Layers.Count);
        Assert.Null(result.Layers[0].Content);
        Assert.Equal(Shell, await File.ReadAllBytesAsync(image["bin/sh"], Cancellation));
        var settings = image.Config["config"]!;
        Assert.Equal("somebody", image.Config["author"]!.GetValue<string>());
        Assert.Equal("/bin/sh", settings["Entrypoint"]![0]!.GetValue<string>());
        Assert.Equal(
            ["PATH=/bin", "LARDER__STORE__LOWER=/opt/models"],
            settings["Env"]!.AsArray().Select(variable => variable!.GetValue<string>())
        );
        Assert.Equal("b", settings["Labels"]!["a"]!.GetValue<string>());
        Assert.Equal(
            ["one", "two", "larder bake", "larder bake", "larder bake"],
            image.Config["history"]!.AsArray().Select(step => step!["created_by"]!.GetValue<string>())
        );
        using var cache = Open(image["opt/models"]);
        (await cache.PullAsync(_store.Reference, new PullOptions { Offline = true }, Cancellation)).Dispose();
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("+gzip", false)]
    public async Task BakeAsync_OverWhatDockerSaves_IsTheSame(string packing, bool byLink)
    {
        new ImageBuilder()
            .AddLayer(packing, TarEntries.File("bin/sh", Shell))
            .AddLayer(TarEntries.Whiteout("bin/sh"), TarEntries.File("bin/bash", Shell))
            .WriteDocker(Base, byLink);

        await BakeAsync(new BakeOptions { BaseArchive = Base, Layout = BakeLayout.Files });

        using var image = LaidOutImage.Of(Archive);
        Assert.Equal(4, image.Layers.Count);
        Assert.False(File.Exists(image["bin/sh"]));
        Assert.Equal(Shell, await File.ReadAllBytesAsync(image["bin/bash"], Cancellation));
        Assert.Equal(
            TestBytes.Of(Large),
            await File.ReadAllBytesAsync(image["opt/models/model/weights.bin"], Cancellation)
        );
        // No history that tells of some layers and not of others.
        Assert.Null(image.Config["history"]);
    }

    [Fact]
    public async Task BakeAsync_OverABase_TouchesNoDirectoryAboveItsOwn()
    {
        new ImageBuilder()
            .AddLayer(TarEntries.Directory("data"), TarEntries.Link("opt", "data"))
            .AddImage()
            .Write(Base);

        await BakeAsync(new BakeOptions { BaseArchive = Base });

        using var image = LaidOutImage.Of(Archive);
        Assert.All(image.Names.Skip(1), names => Assert.DoesNotContain("opt", names));
        Assert.Equal("data", new FileInfo(image["opt"]).LinkTarget);
        Assert.True(File.Exists(image["data/models/larder-store.json"]));
    }

    [Fact]
    public async Task BakeAsync_OverAnImageBakedBefore_HasTheNewModelsAlone()
    {
        var first = await BakeAsync();
        using var old = await _store.PullAsync();
        File.Move(Archive, Base);
        // Of the same length: by length and time alone it would pass for the old one.
        _store.Origin.Put("config.json", TestBytes.Of(100, seed: 6));

        var second = await BakeAsync(new BakeOptions { BaseArchive = Base });

        using var image = LaidOutImage.Of(Archive);
        using var cache = Open(image["opt/models"]);
        using var snapshot = await cache.PullAsync(_store.Reference, new PullOptions { Offline = true }, Cancellation);
        Assert.Equal(
            TestBytes.Of(100, seed: 6),
            await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "config.json"), Cancellation)
        );
        await Assert.ThrowsAsync<NotCachedException>(() =>
            cache.PullAsync(_store.Reference, new PullOptions { Offline = true, Digest = old.Digest }, Cancellation)
        );
        Assert.Equal(first.Layers[0].SizeBytes, second.Layers[0].SizeBytes);
    }

    [Theory]
    [InlineData(null, "amd64")]
    [InlineData("linux/amd64", "amd64")]
    [InlineData("linux/arm64", "arm64")]
    public async Task BakeAsync_BaseOfSeveralPlatforms_TakesTheOneThatIsAsked(string? platform, string expected)
    {
        WriteTwoPlatforms(tellsPlatform: expected == "arm64");

        await BakeAsync(new BakeOptions { BaseArchive = Base, Platform = platform });

        using var image = LaidOutImage.Of(Archive);
        Assert.Equal(expected, image.Config["architecture"]!.GetValue<string>());
        Assert.Equal(expected, image.Index["manifests"]![0]!["platform"]!["architecture"]!.GetValue<string>());
        Assert.Equal(expected, await File.ReadAllTextAsync(image["arch"], Cancellation));
    }

    [Fact]
    public async Task BakeAsync_BaseWithoutThatPlatform_ListsThoseThereAre()
    {
        WriteTwoPlatforms(tellsPlatform: true);

        var refused = await Assert.ThrowsAsync<ImageException>(() =>
            BakeAsync(new BakeOptions { BaseArchive = Base, Platform = "linux/s390x" })
        );

        Assert.Contains("linux/amd64, linux/arm64", refused.Message, StringComparison.Ordinal);
        AssertNoArchive();
    }

    [Fact]
    public async Task BakeAsync_BaseOfOneOtherPlatform_IsOfThatPlatform()
    {
        new ImageBuilder().AddLayer(TarEntries.File("a", [1])).AddImage("riscv64").Write(Base);

        await BakeAsync(new BakeOptions { BaseArchive = Base });

        using var image = LaidOutImage.Of(Archive);
        Assert.Equal("riscv64", image.Config["architecture"]!.GetValue<string>());
    }

    [Fact]
    public async Task BakeAsync_BaseWithSeveralImagesOfAPlatform_NamesThem()
    {
        new ImageBuilder()
            .AddLayer(TarEntries.File("a", [1]))
            .AddImage(name: "one:1")
            .AddLayer(TarEntries.File("a", [2]))
            .AddImage(name: "two:2")
            .Write(Base);

        var refused = await Assert.ThrowsAsync<ImageException>(() => BakeAsync(new BakeOptions { BaseArchive = Base }));

        Assert.Contains("(one:1), linux/amd64 (two:2)", refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> BadBases =>
        new()
        {
            { "missing", "is not there" },
            { "directory", "tar -cf image.tar" },
            { "empty", "is empty" },
            { "text", "is no tar" },
            { "gzip", "run gunzip on it" },
            { "cut", "cut off" },
            { "nothing", "holds no image" },
            { "no blob", "lacks the blob sha256:" },
            { "no config", "lacks the blob sha256:" },
            { "layer bytes", "has other bytes than it should" },
            { "layer length", "are announced" },
            { "config bytes", "has other bytes, whose digest is" },
            { "foreign layer", "nondistributable" },
            { "foreign manifest", "application/x-unknown" },
            { "layers and diff_ids", "names 1 layers, and its configuration 0" },
            { "sha512", "sha256:<64 digits> alone" },
            { "json", "makes no sense" },
            { "json array", "in place of its index.json" },
            { "json types", "makes no sense" },
            { "index loop", "Larder looks no deeper" },
            { "up", "leads out of it" },
            { "absolute", "leads out of it" },
            { "docker layer", "lacks the layer" },
            { "docker bytes", "has other bytes than it should" },
            { "docker two", "holds several images" },
            { "many layers", "there is no room for more" },
        };

    [Theory]
    [MemberData(nameof(BadBases))]
    public async Task BakeAsync_BadBase_IsExplained(string fault, string message)
    {
        WriteBad(fault);

        var refused = await Assert.ThrowsAsync<ImageException>(() => BakeAsync(new BakeOptions { BaseArchive = Base }));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Contains("base.tar", refused.Message, StringComparison.Ordinal);
        AssertNoArchive();
    }

    private void WriteTwoPlatforms(bool tellsPlatform)
    {
        var builder = new ImageBuilder();
        foreach (var architecture in new[] { "amd64", "arm64" })
            builder
                .AddLayer(TarEntries.File("arch", Encoding.ASCII.GetBytes(architecture)))
                .AddImage(architecture, tellsPlatform: tellsPlatform);
        // As BuildKit has them: an index in the index, and a statement beside the images.
        builder.Nest();
        builder.Manifests.Add(
            (JsonNode)
                new JsonObject
                {
                    ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
                    ["digest"] = $"sha256:{Digest.Of("statement"u8)}",
                    ["size"] = 9,
                    ["platform"] = new JsonObject { ["os"] = "unknown", ["architecture"] = "unknown" },
                }
        );
        builder.Write(Base);
    }

    private void WriteBad(string fault)
    {
        var builder = new ImageBuilder().AddLayer(TarEntries.File("bin/sh", Shell));
        switch (fault)
        {
            case "missing":
                return;
            case "directory":
                Directory.CreateDirectory(Base);
                return;
            case "empty":
                File.WriteAllBytes(Base, []);
                return;
            case "text":
                File.WriteAllText(Base, new string('x', 2000));
                return;
            case "gzip":
                File.WriteAllBytes(Base, ImageBuilder.Gzip(File.ReadAllBytes(builder.AddImage().Write(Base))));
                return;
            case "cut":
                var whole = File.ReadAllBytes(builder.AddImage().Write(Base));
                File.WriteAllBytes(Base, whole[..(whole.Length / 2)]);
                return;
            case "nothing":
                builder.Files["a"] = [1];
                builder.WriteFiles(Base);
                return;
            case "docker layer":
                builder.WriteDocker(Base);
                builder.Files.Remove("0/layer.tar");
                builder.WriteFiles(Base);
                return;
            case "docker bytes":
                builder.WriteDocker(Base);
                builder.Files["0/layer.tar"][600] ^= 1;
                builder.WriteFiles(Base);
                return;
            case "docker two":
                builder.WriteDocker(Base);
                builder.Files["manifest.json"] = Text("""[{"RepoTags":["a:1"]},{"Config":"b.json"}]""");
                builder.WriteFiles(Base);
                return;
            case "many layers":
                for (var layer = 0; layer < 120; layer++)
                    builder.AddLayer(TarEntries.File("bin/sh", [(byte)layer]));
                break;
        }
        builder.AddImage();
        var manifest = builder.Manifests[0]!["digest"]!.GetValue<string>();
        var document = Document(builder, manifest);
        var layerName = Name(document["layers"]![0]!);
        var configName = Name(document["config"]!);
        switch (fault)
        {
            case "no blob":
                builder.Files.Remove(layerName);
                break;
            case "no config":
                builder.Files.Remove(configName);
                break;
            case "layer bytes":
                builder.Files[layerName][600] ^= 1;
                break;
            case "layer length":
                builder.Files[layerName] = builder.Files[layerName][..^512];
                break;
            case "config bytes":
                builder.Files[configName][3] ^= 1;
                break;
            case "foreign layer":
                Change(() =>
                    document["layers"]![0]!["mediaType"] = "application/vnd.oci.image.layer.nondistributable.v1.tar"
                );
                break;
            case "foreign manifest":
                builder.Manifests[0]!["mediaType"] = "application/x-unknown";
                break;
            case "layers and diff_ids":
                var config = JsonNode.Parse(builder.Files[configName])!;
                config["rootfs"]!["diff_ids"] = new JsonArray();
                Change(() => document["config"]!["digest"] = Put(builder, config));
                break;
            case "sha512":
                builder.Manifests[0]!["digest"] = "sha512:" + new string('a', 128);
                break;
            case "json":
                builder.Files["index.json"] = Text("{\"manifests\": [");
                break;
            case "json array":
                builder.Files["index.json"] = Text("[]");
                break;
            case "json types":
                builder.Files["index.json"] = Text("""{"manifests": {"a": 1}}""");
                break;
            case "index loop":
                for (var depth = 0; depth < 6; depth++)
                    builder.Nest();
                break;
            case "up":
                builder.Files["blobs/../../etc/passwd"] = [1];
                break;
            case "absolute":
                builder.Files["/etc/passwd"] = [1];
                break;
        }
        builder.Write(Base);

        void Change(Action change)
        {
            change();
            builder.Manifests[0]!["digest"] = Put(builder, document);
        }
    }

    private static string Put(ImageBuilder builder, JsonNode document)
    {
        var bytes = Text(document.ToJsonString());
        builder.Files[$"blobs/sha256/{Digest.Of(bytes)}"] = bytes;
        return $"sha256:{Digest.Of(bytes)}";
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static JsonObject Document(ImageBuilder builder, string digest) =>
        JsonNode.Parse(builder.Files[$"blobs/{digest.Replace(':', '/')}"])!.AsObject();

    private static string Name(JsonNode descriptor) =>
        $"blobs/{descriptor["digest"]!.GetValue<string>().Replace(':', '/')}";

    private void AssertNoArchive()
    {
        Assert.False(File.Exists(Archive));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Archive)!, ".larder-*"));
    }
}
