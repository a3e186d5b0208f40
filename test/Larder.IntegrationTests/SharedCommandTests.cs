using Larder.TestKit;

namespace Larder.IntegrationTests;

/// <summary><c>larder shared</c> on a directory that holds two models.</summary>
[Trait("Category", "Integration")]
public sealed class SharedCommandTests : CommandTests
{
    private static readonly string[] OlderThanNothing = ["shared", "prune", "--older-than", "0 s", "--grace", "0 s"];

    [Fact]
    public async Task Stats_TwoModels_CountsThem()
    {
        await FillAsync();

        var json = (await OnTeamAsync("shared", "stats", "--json")).Done();
        var text = (await OnTeamAsync("shared", "stats")).Done();

        Assert.Equal(
            ["store", "entries", "manifests", "blobs", "bytes", "orphan_blobs", "orphan_bytes", "groups"],
            json.Names
        );
        Assert.Equal(
            (2, 2, ModelBytes("house-prices/v1").Length + ModelBytes("sentiment").Length, 0),
            (
                json.Json.GetProperty("entries").GetInt32(),
                json.Json.GetProperty("blobs").GetInt32(),
                json.Json.GetProperty("bytes").GetInt32(),
                json.Json.GetProperty("orphan_blobs").GetInt32()
            )
        );
        var group = Assert.Single(json.Json.GetProperty("groups").EnumerateArray());
        Assert.Equal(
            ("main", "model"),
            (group.GetProperty("namespace").GetString(), group.GetProperty("kind").GetString())
        );
        Assert.Contains($"{At("team")}: 2 entries, 2 blobs, ", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_TwoModels_TellsWhatTheyWereMadeFrom()
    {
        await FillAsync();

        var json = (await OnTeamAsync("shared", "list", "--json")).Done();
        var text = (await OnTeamAsync("shared", "list")).Done();
        var other = (await OnTeamAsync("shared", "list", "--namespace", "mai")).Done();

        var entries = json.Json.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(2, entries.Count);
        Assert.Equal(
            [
                "namespace",
                "signer",
                "kind",
                "key",
                "reference",
                "manifest",
                "bytes",
                "files",
                "created",
                "published",
                "age_seconds",
                "name",
            ],
            entries[0].EnumerateObject().Select(property => property.Name)
        );
        Assert.Contains("/sentiment.onnx", text.Output, StringComparison.Ordinal);
        Assert.Empty(other.Output);
        Assert.Contains("There is no entry", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_BlobIsMissingOrWrong_EndsWith4AndNamesTheEntry()
    {
        await FillAsync();
        var whole = (await OnTeamAsync("shared", "verify", "--deep", "--json")).Done();
        var blob = Directory.GetFiles(At("team/blobs"), "*", SearchOption.AllDirectories)[0];
        var bytes = await File.ReadAllBytesAsync(blob, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        File.Delete(blob);
        await File.WriteAllBytesAsync(blob, bytes, TestContext.Current.CancellationToken);

        var quick = await OnTeamAsync("shared", "verify");
        var deep = (await OnTeamAsync("shared", "verify", "--deep")).Ended(4);
        File.Delete(blob);
        var missing = (await OnTeamAsync("shared", "verify", "--json")).Ended(4);

        Assert.Equal(
            (2, 0),
            (whole.Json.GetProperty("checked").GetInt32(), whole.Json.GetProperty("damaged").GetInt32())
        );
        Assert.True(whole.Json.GetProperty("bytes_read").GetInt64() > 0);
        quick.Done();
        Assert.Contains("has other bytes than its name says", deep.Output, StringComparison.Ordinal);
        var finding = Assert.Single(missing.Json.GetProperty("findings").EnumerateArray());
        Assert.EndsWith("is missing", finding.GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("entries/main/model/", finding.GetProperty("name").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_DryRun_RemovesNothing()
    {
        await FillAsync();

        var would = (await OnTeamAsync([.. OlderThanNothing, "--dry-run", "--json"])).Done();

        Assert.True(would.Json.GetProperty("dry_run").GetBoolean());
        Assert.Equal(2, would.Json.GetProperty("removed_entries").GetInt32());
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Prune_NobodyToAsk_RemovesNothing()
    {
        await FillAsync();

        var refused = (await OnTeamAsync(OlderThanNothing)).Ended(2);

        Assert.Contains("say --yes", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Prune_Yes_RemovesEntriesAndTheirFiles()
    {
        await FillAsync();

        var other = (await OnTeamAsync([.. OlderThanNothing, "--yes", "--namespace", "vision", "--json"])).Done();
        var result = (await OnTeamAsync([.. OlderThanNothing, "--yes"])).Done();

        Assert.Equal(0, other.Json.GetProperty("removed_entries").GetInt32());
        Assert.Contains("Removed 2 entries, 2 manifests and 2 blobs, freed ", result.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(At("team/blobs"), "*", SearchOption.AllDirectories));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Prune_ToSize_RemovesTheOldestUntilTheRestFits()
    {
        await FillAsync();
        var most = ModelBytes("sentiment").Length;

        var result = (await OnTeamAsync("shared", "prune", "--to", $"{most}", "--yes", "--json")).Done();

        var removed = Assert.Single(result.Json.GetProperty("entries").EnumerateArray());
        Assert.EndsWith("/prices.onnx", removed.GetProperty("reference").GetString(), StringComparison.Ordinal);
        // Files that were published just now are left to those who may be publishing.
        Assert.Equal(0, result.Json.GetProperty("removed_blobs").GetInt32());
        Assert.Equal(1, await CountAsync());
    }

    [Theory]
    [InlineData("--older-than", "long")]
    [InlineData("--to", "much")]
    [InlineData("--namespace", "")]
    public async Task Prune_OptionMakesNoSense_IsWrongUsage(string option, string value) =>
        (await OnTeamAsync("shared", "prune", option, value, "--yes")).Ended(2);

    [Fact]
    public async Task Stats_NoStoreConfigured_SaysWhatToSet()
    {
        var result = (await RunAsync("shared", "stats")).Ended(2);

        Assert.Contains("set shared.url", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stats_StoreIsBroken_Fails()
    {
        Write("team", "a file where the store should be");

        var result = await OnTeamAsync("shared", "stats");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(At("team"), result.Error, StringComparison.Ordinal);
    }

    private async Task FillAsync()
    {
        await using var prices = ScriptedHttpServer.Serving(ModelBytes("house-prices/v1"));
        await using var sentiment = ScriptedHttpServer.Serving(ModelBytes("sentiment"));
        (await OnTeamAsync("pull", prices.Url("/prices.onnx"))).Done();
        (await OnTeamAsync("pull", sentiment.Url("/sentiment.onnx"))).Done();
    }

    private async Task<int> CountAsync() =>
        (await OnTeamAsync("shared", "stats", "--json")).Done().Json.GetProperty("entries").GetInt32();

    private Task<CommandResult> OnTeamAsync(params string[] arguments) =>
        RunAsync(
            arguments,
            $"LARDER_STORE={StorePath}",
            $"LARDER__SHARED__URL=file://{At("team")}/",
            "LARDER__SHARED__MODELS=true"
        );
}
