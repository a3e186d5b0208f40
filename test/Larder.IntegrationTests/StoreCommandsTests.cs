namespace Larder.IntegrationTests;

/// <summary><c>list</c>, <c>show</c>, <c>stats</c> and <c>clear</c>.</summary>
[Trait("Category", "Integration")]
public sealed class StoreCommandsTests : CommandTests
{
    [Fact]
    public async Task List_EmptyStore_SaysSoOnStandardError()
    {
        var text = (await RunAsync("list")).Done();
        var json = (await RunAsync("list", "--json")).Done();

        Assert.Empty(text.Output);
        Assert.Contains("is empty", text.Error, StringComparison.Ordinal);
        Assert.Equal(0, json.Json.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task List_TwoModels_TellsBoth()
    {
        await RunAsync("pull", Sample(Prices));
        await RunAsync("pull", Sample("sentiment"));

        var text = (await RunAsync("list")).Done();
        var entries = (await RunAsync("list", "--json")).Done().Json.GetProperty("entries").EnumerateArray().ToList();

        Assert.Contains("house-prices/v1", text.Output, StringComparison.Ordinal);
        Assert.Contains("sentiment", text.Output, StringComparison.Ordinal);
        Assert.Empty(text.Error);
        Assert.Equal(2, entries.Count);
        Assert.Equal(
            [
                "kind",
                "reference",
                "include",
                "exclude",
                "unpack",
                "archive",
                "digest",
                "derived_from",
                "bytes",
                "files",
                "last_used",
                "pinned",
                "leased",
                "lower_store",
            ],
            entries[0].EnumerateObject().Select(property => property.Name)
        );
        Assert.Equal(
            ("model", 2, false),
            (
                entries[0].GetProperty("kind").GetString(),
                entries[0].GetProperty("files").GetInt32(),
                entries[0].GetProperty("leased").GetBoolean()
            )
        );
    }

    [Fact]
    public async Task Show_StoredModel_TellsKeyRequestAndFiles()
    {
        var digest = (await RunAsync("pull", Sample(Prices), "--json")).Json.GetProperty("digest").GetString()!;

        var text = (await RunAsync("show", Sample(Prices))).Done();
        var json = (await RunAsync("show", Sample(Prices), "--json")).Done();

        Assert.Contains(digest, text.Output, StringComparison.Ordinal);
        Assert.Contains("model.onnx", text.Output, StringComparison.Ordinal);
        Assert.Equal(["key", "request", "manifest"], json.Names.Take(3));
        Assert.Equal("model", json.Json.GetProperty("request").GetProperty("kind").GetString());
        Assert.Equal(
            ["example.json", "model.onnx"],
            json.Json.GetProperty("manifest")
                .GetProperty("files")
                .EnumerateArray()
                .Select(file => file.GetProperty("path").GetString())
        );
        Assert.Equal(
            (digest, "first_use"),
            (json.Json.GetProperty("digest").GetString(), json.Json.GetProperty("trust").GetString())
        );
    }

    [Fact]
    public async Task Show_NotStored_Is3()
    {
        var result = (await RunAsync("show", Sample(Prices), "--json")).Ended(3);

        Assert.Contains("'larder list' shows what is", result.Error, StringComparison.Ordinal);
        Assert.Equal(3, result.Json.GetProperty("error").GetProperty("exit_code").GetInt32());
    }

    [Fact]
    public async Task Stats_OneMissAndOneHit_CountsThem()
    {
        await RunAsync("pull", Sample(Prices));
        await RunAsync("pull", Sample(Prices));

        var text = (await RunAsync("stats")).Done();
        var json = (await RunAsync("stats", "--json")).Done();

        Assert.Contains("1 answered from the store, 1 by an origin", text.Output, StringComparison.Ordinal);
        Assert.Equal(
            [
                "store",
                "total_models",
                "total_size_mb",
                "total_size_bytes",
                "blobs",
                "bytes",
                "partial_bytes",
                "capacity_bytes",
                "bytes_fetched",
                "hits",
                "misses",
                "entries",
                "bytes_saved",
                "seconds_saved",
                "evictions",
                "failures",
            ],
            json.Names
        );
        Assert.Equal((1, 2, 1, 1), (Number("total_models"), Number("blobs"), Number("hits"), Number("misses")));
        Assert.Equal(Number("total_size_bytes"), Number("bytes_saved"));

        long Number(string name) => json.Json.GetProperty(name).GetInt64();
    }

    [Fact]
    public async Task Clear_OneWithYes_RemovesItOnly()
    {
        await RunAsync("pull", Sample(Prices));
        await RunAsync("pull", Sample("sentiment"));

        var result = (await RunAsync("clear", Sample(Prices), "--yes", "--json")).Done();

        Assert.Equal(["removed_entries", "freed_bytes", "kept_in_use"], result.Names);
        Assert.Equal(1, result.Json.GetProperty("removed_entries").GetInt32());
        Assert.True(result.Json.GetProperty("freed_bytes").GetInt64() > 2000);
        Assert.Empty(result.Error);
        Assert.Equal(1, (await RunAsync("list", "--json")).Json.GetProperty("entries").GetArrayLength());
        StoreOnDisk.AssertWhole(StorePath);
    }

    [Fact]
    public async Task Clear_AllWithYes_RemovesAll()
    {
        await RunAsync("pull", Sample(Prices));
        await RunAsync("pull", Sample("sentiment"));

        var result = (await RunAsync("clear", "--all", "-y")).Done();

        Assert.StartsWith("Removed 2 models", result.Output, StringComparison.Ordinal);
        StoreOnDisk.AssertWhole(StorePath);
    }

    [Theory]
    [InlineData("clear", "--all")]
    [InlineData("clear")]
    [InlineData("clear", "--all", "--yes", "/some/model")]
    public async Task Clear_NobodySaidYesOrWhatIsMeant_Is2(params string[] arguments)
    {
        await RunAsync("pull", Sample(Prices));

        var result = (await RunAsync(arguments)).Ended(2);

        Assert.Empty(result.Output);
        Assert.Equal(1, (await RunAsync("list", "--json")).Json.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task Clear_NotStored_Is3() => (await RunAsync("clear", Sample(Prices), "--yes")).Ended(3);

    [Fact]
    public async Task Clear_InUseByAServer_KeepsItAndIs1()
    {
        using var server = await ServerProcess.StartAsync(
            Here,
            ["--config", Serving("prices", new Uri(Sample(Prices)).AbsoluteUri)],
            $"LARDER_STORE={StorePath}"
        );
        await server.PredictAsync(
            "prices",
            await File.ReadAllTextAsync(Example(Prices), TestContext.Current.CancellationToken)
        );

        var one = (await RunAsync("clear", Sample(Prices), "--yes")).Ended(1);
        var all = (await RunAsync("clear", "--all", "--yes", "--json")).Done();

        Assert.Contains("stays: it is in use or pinned", one.Error, StringComparison.Ordinal);
        Assert.Equal(1, all.Json.GetProperty("kept_in_use").GetArrayLength());
        Assert.True(
            (await RunAsync("list", "--json")).Json.GetProperty("entries")[0].GetProperty("leased").GetBoolean()
        );
    }
}
