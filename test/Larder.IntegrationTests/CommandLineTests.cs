namespace Larder.IntegrationTests;

[Trait("Category", "Integration")]
public sealed class CommandLineTests : CommandTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("pull", "--help")]
    [InlineData("serve", "-?")]
    public async Task Help_AnyCommand_IsAnAnswer(params string[] arguments)
    {
        var result = (await RunAsync(arguments)).Done();

        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Contains("--store <DIR>", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Help_Root_ListsTheCommands()
    {
        var result = await RunAsync("--help");

        Assert.All(
            ["pull", "list", "show", "stats", "clear", "predict", "presets", "serve", "demo"],
            command => Assert.Contains($"\n  {command} ", result.Output, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Version_IsAnAnswer()
    {
        var result = (await RunAsync("--version")).Done();

        Assert.Matches(@"^\d+\.\d+\.\d+\n$", result.Output);
    }

    [Fact]
    public async Task Version_Json_IsADocument() =>
        Assert.Matches(
            @"^\d+\.\d+\.\d+$",
            (await RunAsync("--version", "--json")).Done().Json.GetProperty("version").GetString()
        );

    [Theory]
    [InlineData("Did you mean 'verify'?", "verfy")]
    [InlineData("Did you mean '--offline'?", "pull", "a", "--ofline")]
    [InlineData("Did you mean '--store'?", "shared", "prune", "--stroe")]
    [InlineData("Did you mean 'prune'?", "shared", "purne")]
    public async Task WrongUsage_ANearName_IsSuggested(string hint, params string[] arguments) =>
        Assert.Contains(hint, (await RunAsync(arguments)).Ended(2).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("'larder list --help'", "list", "--unknown")]
    [InlineData("'larder --help'", "fetch")]
    [InlineData("'larder --help'")]
    [InlineData("'larder pull --help'", "pull")]
    [InlineData("'larder pull --help'", "pull", "a", "b")]
    [InlineData("'larder predict --help'", "predict", "a")]
    [InlineData("'larder show --help'", "show")]
    [InlineData("'larder shared prune --help'", "shared", "prune", "--unknown")]
    [InlineData("'larder recordings list --help'", "recordings", "list")]
    [InlineData("'larder demo --help'", "demo", "vidoe")]
    public async Task WrongUsage_IsExplainedOnStandardError(string hint, params string[] arguments)
    {
        var result = (await RunAsync(arguments)).Ended(2);

        Assert.Empty(result.Output);
        Assert.StartsWith("larder: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith($"{hint}.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_Faults_AreAllReported()
    {
        var configuration = Write("wrong.json", """{"stoer": {}, "graphs": {"max_graphs": 0}}""");

        var result = (await RunAsync("list", "--config", configuration)).Ended(2);

        Assert.Contains("stoer is unknown. Did you mean 'store'?", result.Error, StringComparison.Ordinal);
        Assert.Contains("graphs.max_graphs is '0'", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(StorePath));
    }

    [Fact]
    public async Task Configuration_InTheDirectory_IsReadAndTheOptionWins()
    {
        Write(
            "larder.json",
            $$$"""{"store": {"path": "{{{At("configured")}}}", "capacity": "1 GB"}, "shared": {"url": "file:///team", "read": false, "write": false}}"""
        );

        var result = (await RunAsync("stats", "--json")).Done();
        var elsewhere = (await RunAsync("stats", "--json", "--store", At("option"))).Done();

        Assert.Equal(At("configured"), result.Json.GetProperty("store").GetString());
        Assert.Equal(1_000_000_000, result.Json.GetProperty("capacity_bytes").GetInt64());
        Assert.Contains(
            "warning: in the configuration shared.read and shared.write are both false",
            result.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(At("option"), elsewhere.Json.GetProperty("store").GetString());
    }

    [Fact]
    public async Task Configuration_WarningsAreQuietWhenAsked()
    {
        var configuration = Write(
            "larder.json",
            """{"shared": {"url": "file:///team", "read": false, "write": false}}"""
        );

        var result = (await RunAsync("list", "--json", "--quiet", "--config", configuration)).Done();

        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Store_IsNone_IsRefusedUntouched()
    {
        Write("letter.txt", "Dear");

        var result = (await RunAsync("list", "--store", Here, "--json")).Ended(1);

        Assert.Contains("is not a Larder store", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Json.GetProperty("error").GetProperty("exit_code").GetInt32());
        Assert.Equal("StoreException", result.Json.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal([At("letter.txt")], Directory.EnumerateFileSystemEntries(Here));
    }

    [Fact]
    public async Task Store_OfANewerFormat_IsRefused()
    {
        Directory.CreateDirectory(StorePath);
        Write("store/larder-store.json", """{"format": 2, "id": "7f3a0000-0000-0000-0000-000000000000"}""");

        var result = (await RunAsync("pull", Sample(Prices))).Ended(1);

        Assert.Contains("has format 2; this Larder reads up to 1", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }
}
