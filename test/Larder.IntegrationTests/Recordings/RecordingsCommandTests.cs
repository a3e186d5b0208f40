using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.IntegrationTests.Recordings;

/// <summary><c>larder recordings</c> on a directory with two recordings, one of which a run of all tests used.</summary>
[Trait("Category", "Integration")]
public sealed class RecordingsCommandTests : CommandTests
{
    private readonly string _used;
    private readonly string _unused;

    public RecordingsCommandTests()
    {
        _used = Record("What is 2+2?", DateTime.UnixEpoch.AddYears(50));
        _unused = Record("What is 9*9?", DateTime.UnixEpoch.AddYears(50));
    }

    private string Recordings => At("recordings");

    [Fact]
    public async Task List_AfterARunOfAllTests_TellsWhatIsUsed()
    {
        Note("nightly", isClosed: true);

        var json = (await RunAsync("recordings", "list", Recordings, "--json")).Done();
        var text = (await RunAsync("recordings", "list", Recordings)).Done();

        Assert.Equal(["recordings", "last_run"], json.Names);
        var recordings = json.Json.GetProperty("recordings").EnumerateArray().ToList();
        Assert.Equal(
            ["deployment", "method", "arguments", "key", "file", "bytes", "kind", "used", "last_used"],
            recordings[0].EnumerateObject().Select(member => member.Name)
        );
        var used = Assert.Single(recordings, recording => recording.GetProperty("used").GetBoolean());
        Assert.Equal(KeyOf(_used), used.GetProperty("key").GetString());
        Assert.Equal("Shop.Prices", used.GetProperty("deployment").GetString());
        Assert.Equal("answer", used.GetProperty("kind").GetString());
        Assert.Equal("2025-01-01T00:00:00Z", used.GetProperty("last_used").GetString());
        Assert.Equal("nightly", json.Json.GetProperty("last_run").GetProperty("name").GetString());
        Assert.Equal("""{"prompt":"What is 2+2?"}""", used.GetProperty("arguments").GetString());
        Assert.Contains("Shop.Prices.Ask", text.Output, StringComparison.Ordinal);
        Assert.Contains("prompt\":\"What is 9*9?", text.Output, StringComparison.Ordinal);
        Assert.Contains("2 recordings; all but 1 were used by", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NoRun_SaysHowToNoteOne()
    {
        var text = (await RunAsync("recordings", "list", Recordings)).Done();

        Assert.Contains("2 recordings.", text.Output, StringComparison.Ordinal);
        Assert.Contains("LARDER_RECORDINGS_RUN", text.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("prune")]
    [InlineData("verify")]
    public async Task Any_NoSuchDirectory_IsNotFound(string command)
    {
        var result = await RunAsync("recordings", command, At("nowhere"));

        Assert.Equal(3, result.ExitCode);
        Assert.Contains(At("nowhere"), result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_NoDirectoryNamed_IsWrongUsage() =>
        Assert.Equal(2, (await RunAsync("recordings", "list")).ExitCode);

    [Fact]
    public async Task Prune_DryRun_TellsAndRemovesNothing()
    {
        Note("nightly", isClosed: true);

        var json = (await RunAsync("recordings", "prune", Recordings, "--dry-run", "--json")).Done();

        Assert.Equal(["removed", "removed_recordings", "freed_bytes", "dry_run"], json.Names);
        Assert.Equal(
            [Path.GetRelativePath(Recordings, _unused)],
            json.Json.GetProperty("removed").EnumerateArray().Select(file => file.GetString()!)
        );
        Assert.True(json.Json.GetProperty("dry_run").GetBoolean());
        Assert.Equal(new FileInfo(_unused).Length, json.Json.GetProperty("freed_bytes").GetInt64());
    }

    [Fact]
    public async Task Prune_Yes_RemovesWhatTheRunDidNotUse()
    {
        Note("nightly", isClosed: true);

        var result = (await RunAsync("recordings", "prune", Recordings, "--yes")).Done();

        Assert.Contains("Removed 1 recording and 0 other files", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_used));
        Assert.False(File.Exists(_unused));
    }

    [Fact]
    public async Task Prune_NoTerminalToAskOn_RemovesNothing()
    {
        Note("nightly", isClosed: true);

        var result = await RunAsync("recordings", "prune", Recordings);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--yes", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_unused));
    }

    [Fact]
    public async Task Prune_ProcessOfTheRunWasKilled_Fails()
    {
        Note("nightly", isClosed: false);

        var result = await RunAsync("recordings", "prune", Recordings, "--yes");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("were killed", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_unused));
    }

    [Fact]
    public async Task Verify_AllWhole_IsDone()
    {
        var result = (await RunAsync("recordings", "verify", Recordings)).Done();

        Assert.Contains("Checked 2 recordings: 0 files are damaged.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_Damage_IsListedAndFails()
    {
        File.WriteAllText(_used, "{");
        File.WriteAllText(_unused, File.ReadAllText(_unused).Replace("9*9", "9*8", StringComparison.Ordinal));

        var json = await RunAsync("recordings", "verify", Recordings, "--json");
        var text = await RunAsync("recordings", "verify", Recordings);

        Assert.Equal((4, 4), (json.ExitCode, text.ExitCode));
        Assert.Equal(["checked", "damaged"], json.Names);
        Assert.Equal(2, json.Json.GetProperty("checked").GetInt32());
        var damaged = json.Json.GetProperty("damaged").EnumerateArray().ToList();
        Assert.Equal(2, damaged.Count);
        Assert.All(
            damaged,
            fault => Assert.Equal(["file", "problem"], fault.EnumerateObject().Select(member => member.Name))
        );
        Assert.Contains("It was cut short", text.Output, StringComparison.Ordinal);
        Assert.Contains("its request was edited", text.Output, StringComparison.OrdinalIgnoreCase);
    }

    // As the format says, written without the library: whoever reads it must read files of old.
    private string Record(string prompt, DateTime written)
    {
        var request = new JsonObject
        {
            ["arguments"] = new JsonObject { ["prompt"] = prompt },
            ["configuration"] = null,
            ["deployment"] = "Shop.Prices",
            ["kind"] = "recording",
            ["method"] = "Ask",
            ["models"] = new JsonArray(),
            ["types"] = new JsonArray(),
            ["version"] = 1,
        };
        var key = EntryKey.Of(request).Digest;
        var document = new JsonObject
        {
            ["format"] = 1,
            ["key"] = key.ToString(),
            ["request"] = request,
            ["answer"] = new JsonObject { ["type"] = "System.String", ["value"] = "4" },
        };
        var file = Path.Combine(Recordings, "Shop.Prices", "Ask", $"{key}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, document.ToJsonString());
        File.SetLastWriteTimeUtc(file, written);
        return file;
    }

    private void Note(string run, bool isClosed)
    {
        Directory.CreateDirectory(Path.Combine(Recordings, ".usage"));
        File.WriteAllLines(
            Path.Combine(Recordings, ".usage", "log.jsonl"),
            [
                $$"""{"format":1,"run":"{{run}}","mode":"Replay","started":"2025-01-01T00:00:00.0000000Z"}""",
                $$"""{"key":"{{KeyOf(_used)}}"}""",
                .. isClosed ? ["""{"closed":"2025-01-01T00:01:00.0000000Z"}"""] : (string[])[],
            ]
        );
    }

    private static string KeyOf(string file) => Path.GetFileNameWithoutExtension(file);
}
