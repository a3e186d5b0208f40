namespace Larder.IntegrationTests;

[Trait("Category", "Integration")]
public sealed class DemoCommandTests : CommandTests
{
    [Fact]
    public async Task Demo_OnceTwiceInARow_ShowsAMissThenAHitAndLeavesNothing()
    {
        for (var turn = 0; turn < 2; turn++)
        {
            var result = (await DemoAsync("http://127.0.0.1:0")).Done();

            Assert.Matches(@"files +miss, [0-9.]+ m?s +hit, ", result.Output);
            Assert.Matches(@"load +miss, [0-9.]+ m?s +hit, ", result.Output);
            Assert.Matches(@"answer +403569\.\d+ +403569\.\d+", result.Output);
            Assert.Empty(result.Error);
            Assert.Empty(Directory.EnumerateFileSystemEntries(Here));
        }
    }

    [Fact]
    public async Task Demo_SettingsOfTheUser_DoNotTouchIt()
    {
        var store = Path.Combine(Path.GetTempPath(), $"larder-test-{Guid.NewGuid():n}");

        (
            await DemoAsync(
                "http://127.0.0.1:0",
                $"LARDER__STORE__PATH={store}",
                "LARDER_OFFLINE=1",
                "LARDER_CONFIG=/nowhere"
            )
        ).Done();

        Assert.False(Directory.Exists(store));
    }

    [Fact]
    public async Task Demo_SomebodyElseAnswersAtTheAddress_Is1()
    {
        using var other = await ServerProcess.StartAsync(Here, [], $"LARDER_STORE={StorePath}");

        var result = (await DemoAsync(other.Url)).Ended(1);

        Assert.Contains($"cannot listen at {other.Url}", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Demo_Interrupted_IsDoneAndLeavesNothing()
    {
        using var process = CommandProcess.Start(Here, ["demo", "--urls", "http://127.0.0.1:0"], $"TMPDIR={Here}");
        var line = await process.ReadOutputToAsync("until Ctrl-C");

        process.Interrupt();

        (await process.EndAsync()).Done();
        Assert.Matches(@"The server answers at http://127\.0\.0\.1:\d+ until", line);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Here));
    }

    private Task<CommandResult> DemoAsync(string url, params string[] environment) =>
        RunAsync(["demo", "--once", "--urls", url], [$"TMPDIR={Here}", .. environment]);
}
