namespace Larder.IntegrationTests;

/// <summary><c>--include</c> and <c>--exclude</c>.</summary>
[Trait("Category", "Integration")]
public sealed class SelectionCommandTests : CommandTests
{
    [Fact]
    public async Task Pull_Include_HasThoseFilesOnly()
    {
        var result = (await RunAsync("pull", Sample(Prices), "--include", "*.onnx", "--json")).Done();

        Assert.Equal(1, result.Json.GetProperty("files").GetInt32());
        Assert.Equal(
            ["model.onnx"],
            Directory
                .EnumerateFiles(result.Json.GetProperty("path").GetString()!)
                .Select(path => Path.GetFileName(path))
        );
    }

    [Fact]
    public async Task Pull_SeveralPatterns_AreTakenTogether()
    {
        var result = (
            await RunAsync(
                "pull",
                Sample(Prices),
                "--include",
                "*.onnx",
                "--include",
                "*.json",
                "--exclude",
                "example.*",
                "--json"
            )
        ).Done();

        Assert.Equal(1, result.Json.GetProperty("files").GetInt32());
    }

    [Theory]
    [InlineData(2, "is no pattern for files: it begins with '!'", "--include", "!a")]
    [InlineData(2, "is no pattern for files: it has a '[' without its ']'", "--exclude", "[a")]
    [InlineData(3, "include '*.bin'. There are 'example.json', 'model.onnx'.", "--include", "*.bin")]
    [InlineData(3, "exclude '*'. There are 'example.json', 'model.onnx'.", "--exclude", "*")]
    public async Task Pull_PatternsThatCannotBe_AreExplained(int exitCode, string message, params string[] arguments)
    {
        var result = (await RunAsync(["pull", Sample(Prices), .. arguments])).Ended(exitCode);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task ListAndShow_TwoChoicesOfOneReference_TellThemApart()
    {
        await RunAsync("pull", Sample(Prices));
        await RunAsync("pull", Sample(Prices), "--include", "*.onnx");

        var list = (await RunAsync("list")).Done();
        var entries = (await RunAsync("list", "--json")).Done().Json.GetProperty("entries").EnumerateArray().ToList();
        var whole = (await RunAsync("show", Sample(Prices), "--json")).Done().Json;
        var chosen = (await RunAsync("show", Sample(Prices), "--include", "*.onnx", "--json")).Done().Json;
        var text = (await RunAsync("show", Sample(Prices), "--include", "*.onnx")).Done();

        Assert.Contains("--include '*.onnx'", list.Output, StringComparison.Ordinal);
        Assert.Equal([0, 1], entries.Select(entry => entry.GetProperty("include").GetArrayLength()).Order());
        Assert.Equal((2, 1), (whole.GetProperty("files").GetInt32(), chosen.GetProperty("files").GetInt32()));
        Assert.Equal("*.onnx", chosen.GetProperty("request").GetProperty("include")[0].GetString());
        Assert.Contains("Chosen by:", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_OnlyAnotherChoiceIsStored_NamesIt()
    {
        await RunAsync("pull", Sample(Prices), "--include", "*.onnx");

        var result = (await RunAsync("show", Sample(Prices))).Ended(3);

        Assert.Contains("only with --include '*.onnx'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clear_Reference_RemovesAllItsChoicesAndWithPatternsOne()
    {
        await RunAsync("pull", Sample(Prices));
        await RunAsync("pull", Sample(Prices), "--include", "*.onnx");
        await RunAsync("pull", Sample(Prices), "--include", "*.json");

        var one = (await RunAsync("clear", Sample(Prices), "--include", "*.json", "--yes", "--json")).Done();
        var rest = (await RunAsync("clear", Sample(Prices), "--yes", "--json")).Done();

        Assert.Equal((1, 2), (Removed(one), Removed(rest)));
        StoreOnDisk.AssertWhole(StorePath);
        (await RunAsync("clear", Sample(Prices), "--yes")).Ended(3);
        (await RunAsync("clear", "--all", "--include", "*", "--yes")).Ended(2);

        static int Removed(CommandResult result) => result.Json.GetProperty("removed_entries").GetInt32();
    }

    [Fact]
    public async Task Pin_OneChoice_IsPinnedAlone()
    {
        await RunAsync("pull", Sample(Prices));
        await RunAsync("pull", Sample(Prices), "--include", "*.onnx", "--pin");

        var pinned = (await RunAsync("list", "--json"))
            .Done()
            .Json.GetProperty("entries")
            .EnumerateArray()
            .Single(entry => entry.GetProperty("pinned").GetBoolean());
        (await RunAsync("unpin", Sample(Prices), "--include", "*.onnx")).Done();
        (await RunAsync("pin", Sample(Prices), "--include", "*.bin")).Ended(3);

        Assert.Equal(1, pinned.GetProperty("include").GetArrayLength());
        Assert.DoesNotContain(
            (await RunAsync("list", "--json")).Json.GetProperty("entries").EnumerateArray(),
            entry => entry.GetProperty("pinned").GetBoolean()
        );
    }
}
