using System.Runtime.Versioning;
using Larder.TestKit;

namespace Larder.IntegrationTests;

/// <summary><c>pull --to DIR</c> and <c>pull --model-json FILE</c>.</summary>
[Trait("Category", "Integration")]
[SupportedOSPlatform("linux")]
public sealed class TargetCommandTests : CommandTests
{
    [Fact]
    public async Task PullTo_Directory_HasTheFilesAndSaysSo()
    {
        var first = (await RunAsync("pull", Sample(Prices), "--to", "here/below", "--json")).Done().Json;
        var second = (await RunAsync("pull", Sample(Prices), "--to", "here/below", "--json")).Done().Json;
        var text = (await RunAsync("pull", Sample(Prices), "--to", "here/below")).Done();

        Assert.Equal(At("here/below"), first.GetProperty("to").GetString());
        Assert.Equal(
            (2, 0),
            (first.GetProperty("to_files_written").GetInt32(), first.GetProperty("to_files_kept").GetInt32())
        );
        Assert.Equal(
            (0, 2),
            (second.GetProperty("to_files_written").GetInt32(), second.GetProperty("to_files_kept").GetInt32())
        );
        Assert.Equal(ModelBytes(Prices), await ReadAsync("here/below/model.onnx"));
        Assert.Contains("2 were there already", text.Error, StringComparison.Ordinal);
        Assert.StartsWith(StorePath, text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullTo_StoreIsNew_FetchesNothing()
    {
        (await RunAsync("pull", Sample(Prices), "--to", "here")).Done();

        var result = (await RunAsync("pull", Sample(Prices), "--to", "here", "--json", "--store", At("new"))).Done();

        Assert.Equal(0, result.Json.GetProperty("bytes_fetched").GetInt64());
        Assert.Equal(2, result.Json.GetProperty("to_files_kept").GetInt32());
    }

    [Fact]
    public async Task PullTo_Link_SharesTheFilesOfTheStore()
    {
        (await RunAsync("pull", Sample(Prices), "--to", "here", "--link")).Done();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(At("here/model.onnx"))
        );
    }

    [Theory]
    [InlineData(1, "is a file. Name a directory", "REF", "--to", "file")]
    [InlineData(1, "cannot be made, because", "REF", "--to", "file/below")]
    [InlineData(1, "lies in the store", "REF", "--to", "store/here")]
    [InlineData(2, "--to names no directory", "REF", "--to", " ")]
    [InlineData(2, "--to, which says where, is missing", "REF", "--link")]
    [InlineData(2, "either REF, or --model-json", "--to", "here")]
    [InlineData(2, "either REF, or --model-json", "REF", "--model-json", "model.json", "--origin", "/tmp")]
    [InlineData(2, "go together", "--model-json", "model.json")]
    [InlineData(2, "go together", "REF", "--origin", "/tmp")]
    [InlineData(2, "There is no file", "--model-json", "nowhere.json", "--origin", "/tmp")]
    [InlineData(2, "download_files_from is missing", "--model-json", "model.json", "--origin", "/tmp")]
    public async Task Pull_TargetsThatCannotBe_AreExplained(int exitCode, string message, params string[] arguments)
    {
        Write("file", "mine");
        Write("model.json", "{}");

        var result = (
            await RunAsync(["pull", .. arguments.Select(argument => argument == "REF" ? Sample(Prices) : argument)])
        ).Ended(exitCode);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Equal("mine", await File.ReadAllTextAsync(At("file"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task PullModelJson_BakedImage_FetchesNothingOfWhatItHas()
    {
        var from = Directory.CreateDirectory(At("bucket/cache/llama")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(from, "weights"), TestBytes.Of(100_000), Cancellation);
        await File.WriteAllBytesAsync(Path.Combine(from, "config"), TestBytes.Of(100), Cancellation);
        var baked = Directory.CreateDirectory(At("cache/cache/llama")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(baked, "weights"), TestBytes.Of(100_000), Cancellation);
        Write(
            "model.json",
            $$"""{ /* ours */ "download_files_from": "cache/llama/", "download_files_to": "{{At("cache")}}", "score": 1, }"""
        );

        var result = (await RunAsync("pull", "--model-json", "model.json", "--origin", At("bucket"), "--json")).Done();

        Assert.Equal(100, result.Json.GetProperty("bytes_fetched").GetInt64());
        Assert.Equal(baked, result.Json.GetProperty("to").GetString());
        Assert.Equal(TestBytes.Of(100), await ReadAsync("cache/cache/llama/config"));
        Assert.Contains("by their sizes alone", result.Error, StringComparison.Ordinal);
        Assert.Contains("'weights'", result.Error, StringComparison.Ordinal);
        var show = (await RunAsync("show", from, "--json")).Done().Json;
        Assert.Equal("adopted", show.GetProperty("trust").GetString());
    }

    [Fact]
    public async Task PullTo_KilledAnywhere_LeavesEachFileOldOrNew()
    {
        byte[][] versions = [TestBytes.Of(6_000_000), TestBytes.Of(6_000_000, seed: 2)];
        Directory.CreateDirectory(At("model"));
        await PutAsync(0);
        (await RunAsync("pull", At("model"), "--to", "here")).Done();
        var random = new Random(1);
        for (var turn = 1; turn <= 8; turn++)
        {
            await PutAsync(turn % 2);
            // Stored already, so that the kill comes while the files are laid out.
            (await RunAsync("pull", At("model"), "--refresh")).Done();
            using var process = CommandProcess.Start(
                Here,
                ["pull", At("model"), "--to", "here"],
                $"LARDER_STORE={StorePath}"
            );
            await UntilItWritesAsync(process, random.Next(0, 4));
            await process.KillAsync();

            for (var file = 0; file < 3; file++)
            {
                var bytes = await ReadAsync($"here/file-{file}");
                Assert.True(Array.Exists(versions, version => version.AsSpan().SequenceEqual(bytes)), $"turn {turn}");
            }
        }
        (await RunAsync("pull", At("model"), "--to", "here")).Done();
        Assert.Equal(4, Directory.EnumerateFiles(At("here")).Count());

        async Task PutAsync(int version)
        {
            for (var file = 0; file < 3; file++)
                await File.WriteAllBytesAsync(At($"model/file-{file}"), versions[version], Cancellation);
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Until so many different parts were seen, or it has ended.
    private async Task UntilItWritesAsync(CommandProcess process, int parts)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!process.HasEnded && seen.Count <= parts)
        {
            seen.UnionWith(Directory.EnumerateFiles(At("here"), ".larder-*.part"));
            await Task.Yield();
        }
    }

    private Task<byte[]> ReadAsync(string name) => File.ReadAllBytesAsync(At(name), Cancellation);
}
