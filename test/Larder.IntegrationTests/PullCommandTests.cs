using System.Text.Json;

namespace Larder.IntegrationTests;

[Trait("Category", "Integration")]
public sealed partial class PullCommandTests : CommandTests
{
    [Fact]
    public async Task Pull_Directory_PrintsThePathAndNothingElse()
    {
        var result = (await RunAsync("pull", Sample(Prices))).Done();

        var path = result.Output.TrimEnd('\n');
        Assert.Equal(
            ModelBytes(Prices),
            await File.ReadAllBytesAsync(Path.Combine(path, "model.onnx"), TestContext.Current.CancellationToken)
        );
        Assert.StartsWith(StorePath, path, StringComparison.Ordinal);
        Assert.Contains("fetched 2 of 2 files", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_Json_TellsWhatScriptsNeed()
    {
        var first = (await RunAsync("pull", Sample(Prices), "--json")).Done();
        var second = (await RunAsync("pull", Sample(Prices), "--json")).Done();

        string[] names =
        [
            "reference",
            "digest",
            "path",
            "files",
            "bytes",
            "bytes_fetched",
            "bytes_from_shared",
            "files_fetched",
            "files_reused",
            "from_cache",
            "outcome",
            "seconds",
        ];
        Assert.Equal(names, first.Names);
        var bytes = Directory.EnumerateFiles(Sample(Prices)).Sum(file => new FileInfo(file).Length);
        Assert.Equal((2, bytes, bytes, 2, 0, "miss", false), Numbers(first.Json));
        Assert.Equal((2, bytes, 0, 0, 2, "hit", true), Numbers(second.Json));
        Assert.Equal(first.Json.GetProperty("digest").GetString(), second.Json.GetProperty("digest").GetString());

        static (int, long, long, int, int, string?, bool) Numbers(JsonElement json) =>
            (
                json.GetProperty("files").GetInt32(),
                json.GetProperty("bytes").GetInt64(),
                json.GetProperty("bytes_fetched").GetInt64(),
                json.GetProperty("files_fetched").GetInt32(),
                json.GetProperty("files_reused").GetInt32(),
                json.GetProperty("outcome").GetString(),
                json.GetProperty("from_cache").GetBoolean()
            );
    }

    [Fact]
    public async Task Pull_Quiet_SaysThePathOnly()
    {
        var result = (await RunAsync("pull", Sample(Prices), "--quiet")).Done();

        Assert.Empty(result.Error);
        Assert.True(Directory.Exists(result.Output.TrimEnd('\n')));
    }

    [Fact]
    public async Task Pull_StoreOption_WinsOverTheEnvironment()
    {
        var result = (
            await RunAsync(["pull", Sample(Prices), "--store", At("option")], $"LARDER_STORE={At("variable")}")
        ).Done();

        Assert.StartsWith(At("option"), result.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("variable")));
    }

    [Fact]
    public async Task Pull_SettingInTheEnvironment_WinsOverTheDefaultStore()
    {
        var result = (
            await RunAsync(
                ["pull", Sample(Prices)],
                $"LARDER_STORE={At("default")}",
                $"LARDER__STORE__PATH={At("setting")}"
            )
        ).Done();

        Assert.StartsWith(At("setting"), result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_Offline_AnswersFromTheStoreOnly()
    {
        var missing = (await RunAsync("pull", Sample(Prices), "--offline")).Ended(3);
        await RunAsync("pull", Sample(Prices));
        var stored = (await RunAsync("pull", Sample(Prices), "--offline", "--json")).Done();

        Assert.Contains("is not in the store", missing.Error, StringComparison.Ordinal);
        Assert.Empty(missing.Output);
        Assert.Equal("hit", stored.Json.GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("pull")]
    [InlineData("predict", "--input", "-")]
    public async Task OfflineVariable_NotStored_Is3(string command, params string[] more)
    {
        using var process = CommandProcess.Start(
            Here,
            [command, Sample(Prices), .. more],
            $"LARDER_STORE={StorePath}",
            "LARDER_OFFLINE=1"
        );
        await process.WriteInputAsync("{}");

        (await process.EndAsync()).Ended(3);
    }

    [Fact]
    public async Task Pull_Refresh_AsksTheOrigin()
    {
        await RunAsync("pull", Sample(Prices));

        var result = (await RunAsync("pull", Sample(Prices), "--refresh", "--json")).Done();

        Assert.Equal("revalidated", result.Json.GetProperty("outcome").GetString());
        Assert.True(result.Json.GetProperty("from_cache").GetBoolean());
    }

    [Fact]
    public async Task Pull_RightDigest_IsThatVersion()
    {
        var digest = (await RunAsync("pull", Sample(Prices), "--json")).Json.GetProperty("digest").GetString()!;

        var result = (
            await RunAsync("pull", Sample(Prices), "--digest", digest, "--json", "--store", At("other"))
        ).Done();

        Assert.Equal(digest, result.Json.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Pull_WrongDigest_Is4AndStoresNothing()
    {
        var result = (await RunAsync("pull", Sample(Prices), "--digest", new string('0', 64))).Ended(4);

        Assert.Contains("is not the version asked for", result.Error, StringComparison.Ordinal);
        Assert.Empty((await RunAsync("list", "--json")).Json.GetProperty("entries").EnumerateArray());
        StoreOnDisk.AssertWhole(StorePath);
    }

    [Theory]
    [InlineData(2, "is not a digest", "/tmp", "--digest", "abc")]
    [InlineData(2, "is not a model reference", "models/a")]
    [InlineData(2, "unknown scheme 'ftp'", "ftp://host/model.onnx")]
    [InlineData(2, "names no container", "az://models/")]
    [InlineData(2, "names a file on the host", "file://host/models/a")]
    [InlineData(3, "There is nothing at '/nowhere/model'", "/nowhere/model")]
    [InlineData(3, "There is nothing at '/nowhere/model'", "file:///nowhere/model/")]
    public async Task Pull_WhatCannotBe_IsExplained(int exitCode, string message, params string[] arguments)
    {
        var result = (await RunAsync(["pull", .. arguments])).Ended(exitCode);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("./models/a")]
    [InlineData("../here/models/a/")]
    [InlineData("~/models/a")]
    public async Task Pull_Path_IsTakenFromHere(string path)
    {
        var here = Directory.CreateDirectory(At("here")).FullName;
        var model = Directory.CreateDirectory(Path.Combine(here, "models", "a")).FullName;
        await File.WriteAllTextAsync(Path.Combine(model, "file.txt"), "content", TestContext.Current.CancellationToken);
        using var process = CommandProcess.Start(
            here,
            ["pull", path, "--json"],
            $"LARDER_STORE={StorePath}",
            $"HOME={here}"
        );

        var result = (await process.EndAsync()).Done();

        Assert.Equal(new Uri(model).AbsoluteUri, result.Json.GetProperty("reference").GetString());
    }
}
