using System.Formats.Tar;
using Larder.Baking;
using Larder.Content;
using Larder.Pull;
using Larder.TestKit;
using TarEntry = System.Formats.Tar.TarEntry;

namespace Larder.Tests.Baking;

public sealed class ImageCheckTests : IDisposable
{
    private static readonly byte[] Config = TestBytes.Of(100, seed: 2);
    private static readonly byte[] Weights = TestBytes.Of(9 << 20);

    private readonly TestStore _store = new();

    public ImageCheckTests()
    {
        _store.Origin.Put("config.json", Config);
        _store.Origin.Put("weights.bin", Weights);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Archive => _store["image.tar"];

    [Theory]
    [InlineData(BakeLayout.Store, null)]
    [InlineData(BakeLayout.Store, BakeLayout.Store)]
    [InlineData(BakeLayout.Files, null)]
    [InlineData(BakeLayout.Files, BakeLayout.Files)]
    public async Task RunAsync_WhatWasBaked_IsThere(BakeLayout baked, BakeLayout? asked)
    {
        using var snapshot = await _store.PullAsync();
        var options = new BakeOptions { Layout = baked, Path = "/m" };
        var result = await _store.Cache.BakeAsync([new BakeModel(snapshot)], Archive, options, Cancellation);

        var check = await RunAsync(snapshot, new ImageCheckOptions { Layout = asked, Path = "/m" });

        Assert.True(check.IsSatisfied);
        Assert.Equal(result.Digest, check.Digest);
        Assert.Equal((2, 0L), (check.Models[0].Files, check.Models[0].BytesToDownload));
    }

    [Fact]
    public async Task RunAsync_StoreWithAnotherVersion_TellsWhatIsToBeDownloaded()
    {
        using (var old = await _store.PullAsync())
            await _store.Cache.BakeAsync([new BakeModel(old)], Archive, null, Cancellation);
        _store.Origin.Put("config.json", TestBytes.Of(100, seed: 3));
        using var snapshot = await _store.PullAsync(new PullOptions { Refresh = true });

        var check = await RunAsync(snapshot);

        Assert.False(check.IsSatisfied);
        Assert.Equal(100, check.Models[0].BytesToDownload);
        Assert.Contains(
            check.Models[0].Findings,
            finding => finding.Explanation.StartsWith("names the version", StringComparison.Ordinal)
        );
        Assert.Contains(
            check.Models[0].Findings,
            finding => finding.Path.EndsWith("/config.json", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task RunAsync_NoStore_SaysSo()
    {
        new ImageBuilder().AddLayer(TarEntries.File("a", [1])).AddImage().Write(Archive);
        using var snapshot = await _store.PullAsync();

        var check = await RunAsync(snapshot, new ImageCheckOptions { Layout = BakeLayout.Store });

        Assert.Contains(
            "there is no store in /opt/models",
            check.Models[0].Findings[0].Explanation,
            StringComparison.Ordinal
        );
        Assert.Equal(snapshot.Manifest.SizeBytes, check.Models[0].BytesToDownload);
    }

    public static TheoryData<string, string[]> Layers =>
        new()
        {
            { "", [] },
            { "weights.bin missing", ["-w"] },
            { "weights.bin different", ["w=other"] },
            { "weights.bin different", ["w=longer"] },
            { "weights.bin different", ["w=dir"] },
            { "weights.bin shadowed", ["", "whiteout w"] },
            { "weights.bin shadowed", ["", "w=other"] },
            { "weights.bin shadowed", ["", "w=dir"] },
            { "config.json shadowed, weights.bin shadowed", ["", "opaque"] },
            { "config.json shadowed, weights.bin shadowed", ["", "whiteout dir"] },
            { "config.json shadowed, weights.bin shadowed", ["", "dir=file"] },
            // Put back by a later layer, or by the one that removes.
            { "", ["", "whiteout w", "w"] },
            { "", ["", "whiteout w and w"] },
            { "", ["", "opaque", ""] },
            { "", ["w=other", "w"] },
            { "", ["", "whiteout other"] },
            // In another place, with links to it.
            { "", ["linked"] },
            { "", ["linked up"] },
            { "", ["hard linked"] },
            { "config.json missing, weights.bin missing", ["loop"] },
            { "weights.bin different", ["", "device"] },
        };

    [Theory]
    [MemberData(nameof(Layers))]
    public async Task RunAsync_LayersOfAllKinds_AreReadAsEnginesLayThemOut(string expected, string[] layers)
    {
        using var snapshot = await _store.PullAsync();
        foreach (var packing in new[] { "", "+gzip" })
        {
            var builder = new ImageBuilder();
            // None stands for a layer that has it all.
            foreach (var layer in layers.Length == 0 ? [""] : layers)
                builder.AddLayer(packing, Entries(layer));
            builder.AddImage().Write(Archive);

            var check = await RunAsync(snapshot);

            Assert.Equal(
                expected == "weights.bin different" && layers is ["", "device"] ? "weights.bin shadowed" : expected,
                string.Join(
                    ", ",
                    check
                        .Models[0]
                        .Findings.Select(finding =>
                            $"{Path.GetFileName(finding.Path)} {finding.Fault.ToString().ToLowerInvariant()}"
                        )
                )
            );
            Assert.Equal(
                check
                    .Models[0]
                    .Findings.Sum(finding =>
                        finding.Path.EndsWith("weights.bin", StringComparison.Ordinal) ? Weights.Length : Config.Length
                    ),
                check.Models[0].BytesToDownload
            );
        }
    }

    [Fact]
    public async Task RunAsync_FileTouchedInAStore_IsNotWhatWasBaked()
    {
        using var snapshot = await _store.PullAsync();
        await _store.Cache.BakeAsync([new BakeModel(snapshot)], Archive, null, Cancellation);
        using var image = LaidOutImage.Of(Archive);
        var touched = Directory
            .EnumerateFiles(image["opt/models/baked"], "config.json", SearchOption.AllDirectories)
            .Single();
        // As a step of a build would that copies files without their times.
        var entry = TarEntries.File(Path.GetRelativePath(image.Root, touched), Config);
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        var above = new ImageBuilder();
        foreach (var digest in image.Layers)
            above.AddLayer(await LayerAsync(digest));
        above.AddLayer(entry).AddImage().Write(Archive);

        var check = await RunAsync(snapshot);

        var finding = Assert.Single(check.Models[0].Findings);
        Assert.Contains("another time", finding.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OlderArchiveOfDocker_CanBeReadToo()
    {
        new ImageBuilder().AddLayer(Entries("")).WriteDocker(Archive);
        using var snapshot = await _store.PullAsync();

        Assert.True((await RunAsync(snapshot)).IsSatisfied);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("+gzip", true)]
    [InlineData("", false)]
    [InlineData("+gzip", false)]
    public async Task RunAsync_LayerEndsWithItsLastFile_IsWholeUnlessThatIsCutOff(string packing, bool isWhole)
    {
        // As umoci writes them: the end mark is not there, nor what fills the last block.
        var layer = ImageBuilder.Tar(Entries(""));
        var end = layer.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        new ImageBuilder().AddLayer(packing, layer[..(isWhole ? end : end - 1)]).AddImage().Write(Archive);
        using var snapshot = await _store.PullAsync();

        if (isWhole)
            Assert.True((await RunAsync(snapshot)).IsSatisfied);
        else
            Assert.Contains(
                "is cut off",
                (await Assert.ThrowsAsync<ImageException>(() => RunAsync(snapshot))).Message,
                StringComparison.Ordinal
            );
    }

    [Theory]
    [InlineData("zstd", "packed with zstd")]
    [InlineData("diff", "the configuration says")]
    [InlineData("up", "leads out of it")]
    [InlineData("gzip", "damaged")]
    [InlineData("hard link", "there is no such file below it")]
    [InlineData("long", "longer than any system takes")]
    public async Task RunAsync_LayerThatCannotBeRead_IsExplained(string fault, string message)
    {
        var builder = new ImageBuilder();
        switch (fault)
        {
            case "zstd":
                builder.AddLayer("+zstd", Entries("")).AddImage();
                break;
            case "diff":
                // As a plain layer of the same length it says what it is, packed it does not.
                builder.AddLayer("+gzip", Entries("")).AddImage();
                var config = builder.Files.Single(file => file.Value.AsSpan().IndexOf("diff_ids"u8) >= 0);
                var changed = System.Text.Encoding.UTF8.GetString(config.Value);
                var at = changed.IndexOf("sha256:", StringComparison.Ordinal) + 7;
                SetConfig(builder, config.Key, changed[..at] + new string('0', 64) + changed[(at + 64)..]);
                break;
            case "up":
                builder.AddLayer(TarEntries.File("a/../../b", [1])).AddImage();
                break;
            case "gzip":
                builder.AddLayer("+gzip", Entries("")).AddImage();
                var layer = builder.Files.MaxBy(file => file.Value.Length);
                layer.Value[layer.Value.Length / 2] ^= 0xff;
                break;
            case "hard link":
                builder.AddLayer(TarEntries.HardLink("a", "b")).AddImage();
                break;
            case "long":
                builder.AddLayer(TarEntries.File(string.Join('/', Enumerable.Repeat("a", 3000)), [1])).AddImage();
                break;
        }
        builder.Write(Archive);
        using var snapshot = await _store.PullAsync();

        var refused = await Assert.ThrowsAsync<ImageException>(() => RunAsync(snapshot));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _store.Dispose();

    private Task<ImageCheck> RunAsync(Snapshot snapshot, ImageCheckOptions? options = null) =>
        ImageCheck.RunAsync(Archive, [new BakeModel(snapshot)], options, Cancellation);

    private static IEnumerable<TarEntry> Entries(string layer)
    {
        const string directory = "opt/models/model";
        var config = TarEntries.File($"{directory}/config.json", Config);
        var weights = TarEntries.File($"{directory}/weights.bin", Weights);
        return layer switch
        {
            "" => [TarEntries.Directory("opt/"), config, weights],
            "-w" => [config],
            "w" => [weights],
            "w=other" => [config, TarEntries.File($"{directory}/weights.bin", TestBytes.Of(Weights.Length, seed: 9))],
            "w=longer" => [config, TarEntries.File($"{directory}/weights.bin", TestBytes.Of(Weights.Length + 1))],
            "w=dir" => [config, TarEntries.Directory($"{directory}/weights.bin/")],
            "whiteout w" => [TarEntries.Whiteout($"{directory}/weights.bin")],
            "whiteout w and w" => [weights, TarEntries.Whiteout($"{directory}/weights.bin")],
            "whiteout other" => [TarEntries.Whiteout($"{directory}/other"), TarEntries.Whiteout("nowhere/at/all")],
            "whiteout dir" => [TarEntries.Whiteout("opt/models")],
            "opaque" => [TarEntries.Opaque(directory)],
            "dir=file" => [TarEntries.File("opt/models", [1])],
            "linked" =>
            [
                TarEntries.Link("opt", "/data/./here"),
                TarEntries.File("data/here/models/model/config.json", Config),
                TarEntries.File("w", Weights),
                TarEntries.Link("data/here/models/model/weights.bin", "../../../../w"),
            ],
            "linked up" =>
            [
                TarEntries.Link($"{directory}", "../../../../../somewhere"),
                TarEntries.File("somewhere/config.json", Config),
                TarEntries.File($"{directory}/weights.bin", Weights),
            ],
            "hard linked" =>
            [
                config,
                TarEntries.File("w", Weights),
                TarEntries.HardLink($"{directory}/weights.bin", "w"),
            ],
            "loop" => [TarEntries.Link("opt/models", "again"), TarEntries.Link("opt/again", "models")],
            "device" => [new PaxTarEntry(TarEntryType.Fifo, $"{directory}/weights.bin")],
            _ => throw new ArgumentOutOfRangeException(nameof(layer)),
        };
    }

    private async Task<IEnumerable<TarEntry>> LayerAsync(string digest)
    {
        await using var stream = File.OpenRead(Archive);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: true, Cancellation) is { } entry)
        {
            if (entry.Name != $"blobs/{digest.Replace(':', '/')}")
                continue;
            var entries = new List<TarEntry>();
            await using var layer = new TarReader(entry.DataStream!);
            while (await layer.GetNextEntryAsync(copyData: true, Cancellation) is { } inner)
                entries.Add(inner);
            return entries;
        }
        throw new InvalidOperationException(digest);
    }

    // Every name on the way changes with it.
    private static void SetConfig(ImageBuilder builder, string name, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var digest = Digest.Of(bytes);
        builder.Files.Remove(name);
        builder.Files[$"blobs/sha256/{digest}"] = bytes;
        var old = name.Split('/')[^1];
        var manifest = builder.Files.Single(file =>
            file.Value.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(old)) >= 0
        );
        var changed = System.Text.Encoding.UTF8.GetBytes(
            System
                .Text.Encoding.UTF8.GetString(manifest.Value)
                .Replace(old, digest.ToString(), StringComparison.Ordinal)
        );
        builder.Files[$"blobs/sha256/{Digest.Of(changed)}"] = changed;
        builder.Manifests[0]!["digest"] = $"sha256:{Digest.Of(changed)}";
    }
}
