using System.Text.Json.Nodes;
using Larder.Recordings.Files;
using Larder.Recordings.Requests;
using Larder.TestKit;

namespace Larder.Recordings.Tests.Files;

public sealed class NearestRecordingsTests : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly RecordingDirectory _directory;

    public NearestRecordingsTests() => _directory = new RecordingDirectory(_temp["recordings"]);

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void DescribeNearest_NothingRecorded_SaysSo() =>
        Assert.Equal(
            "No call of Shop.Prices.Ask is recorded at all.",
            _directory.DescribeNearest(Samples.Asking("What is 9*9?"))
        );

    [Fact]
    public void DescribeNearest_OneArgumentDiffers_ShowsBothValuesAndNothingElse()
    {
        var recorded = Samples.Asking("What is 2+2?");
        Record(recorded);

        Assert.Equal(
            $"""
            The nearest recordings of Shop.Prices.Ask (- recorded, + asked for):
              Shop.Prices/Ask/{recorded.Key.Digest}.json: 1 value differs, 5 are equal
                - $.arguments.prompt: "What is 2+2?"
                + $.arguments.prompt: "What is 9*9?"
            """,
            _directory.DescribeNearest(Samples.Asking("What is 9*9?"))
        );
    }

    [Fact]
    public void DescribeNearest_Many_ShowsTheThreeNearestFirst()
    {
        var far = Samples.Request(new JsonObject { ["question"] = "Tell me a tale", ["steps"] = 3 });
        var near = Samples.Asking("What is the weight of a green apple in June?");
        var nearest = Samples.Asking("What is the price of a red apple in July, please?");
        foreach (
            var request in (RecordingRequest[])[far, near, nearest, Samples.Asking("Why?"), Samples.Asking("Who?")]
        )
            Record(request);

        var text = _directory.DescribeNearest(Samples.Asking("What is the price of a red apple in July?"));

        Assert.Equal(3, text.Split(".json").Length - 1);
        Assert.True(At(nearest) < At(near), text);
        Assert.True(At(near) >= 0, text);
        Assert.Equal(-1, At(far));

        int At(RecordingRequest request) => text.IndexOf(request.Key.Digest.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void DescribeNearest_LongTexts_AreShownAroundTheirFirstDifference()
    {
        var same = new string('a', 5000);
        Record(Samples.Asking($"{same} red {same}"));

        var text = _directory.DescribeNearest(Samples.Asking($"{same} green {same}"));

        Assert.Contains("…aaaaaaaaaaaaaaaaaaa red aaa", text, StringComparison.Ordinal);
        Assert.Contains("…aaaaaaaaaaaaaaaaaaa green aaa", text, StringComparison.Ordinal);
        Assert.True(text.Length < 600, text);
    }

    [Fact]
    public void DescribeNearest_OnlyTheModelDiffers_SaysSo()
    {
        Record(Samples.Request(new JsonObject { ["x"] = 1 }, model: "old"));

        var text = _directory.DescribeNearest(Samples.Request(new JsonObject { ["x"] = 1 }, model: "new"));

        Assert.Contains("only the model's digest differs", text, StringComparison.Ordinal);
    }

    [Fact]
    public void DescribeNearest_ModelAndConfigurationDiffer_SaysSo()
    {
        Record(Samples.Request(new JsonObject(), configuration: new JsonObject { ["seed"] = 1 }, model: "old"));

        var text = _directory.DescribeNearest(
            Samples.Request(new JsonObject(), configuration: new JsonObject { ["seed"] = 2 }, model: "new")
        );

        Assert.Contains("only the configuration and the model's digest differ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void DescribeNearest_MissingAndAddedArguments_HaveOneSideOnly()
    {
        Record(Samples.Request(new JsonObject { ["old"] = 1, ["list"] = new JsonArray(1, 2) }));

        var text = _directory.DescribeNearest(
            Samples.Request(new JsonObject { ["new name"] = 2, ["list"] = new JsonArray(1, 2, 3) })
        );

        Assert.Contains("\n    - $.arguments.old: 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("+ $.arguments.old", text, StringComparison.Ordinal);
        Assert.Contains("\n    + $.arguments['new name']: 2", text, StringComparison.Ordinal);
        Assert.Contains("\n    + $.arguments.list[2]: 3", text, StringComparison.Ordinal);
    }

    [Fact]
    public void DescribeNearest_ManyDifferences_ShowsSomeAndCountsTheRest()
    {
        Record(Samples.Request(new JsonObject { ["list"] = Numbers(0) }));

        var text = _directory.DescribeNearest(Samples.Request(new JsonObject { ["list"] = Numbers(100) }));

        Assert.Contains("30 values differ", text, StringComparison.Ordinal);
        Assert.EndsWith("\n    and 20 more", text, StringComparison.Ordinal);

        static JsonArray Numbers(int from) => [.. Enumerable.Range(from, 30).Select(i => (JsonNode)i)];
    }

    [Fact]
    public void DescribeNearest_RenamedDeployment_ShowsThoseOfOthers()
    {
        Record(Samples.Asking("What is 2+2?", deployment: "Shop.OldPrices"));

        var text = _directory.DescribeNearest(Samples.Asking("What is 2+2?"));

        Assert.StartsWith("No call of Shop.Prices.Ask is recorded at all.", text, StringComparison.Ordinal);
        Assert.Contains("only the deployment's name differs", text, StringComparison.Ordinal);
        Assert.Contains("- $.deployment: \"Shop.OldPrices\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void DescribeNearest_DamagedRecordings_ArePassedOver()
    {
        var whole = Samples.Asking("What is 2+2?");
        Record(whole);
        var damaged = Record(Samples.Asking("What is 9*8?"));
        File.WriteAllText(damaged, File.ReadAllText(damaged)[..^20]);
        Directory.CreateDirectory(Path.ChangeExtension(damaged, null)[..^1] + "0.json");

        var text = _directory.DescribeNearest(Samples.Asking("What is 9*9?"));

        Assert.Contains(whole.Key.Digest.ToString(), text, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetFileName(damaged), text, StringComparison.Ordinal);
    }

    [Fact]
    public void DescribeNearest_Again_SeesWhatWasRecordedMeanwhile()
    {
        Record(Samples.Asking("What is 2+2?"));
        var asked = Samples.Asking("What is 9*9?");
        _directory.DescribeNearest(asked);
        var later = Samples.Asking("What is 9*9??");
        Record(later);

        Assert.Contains(later.Key.Digest.ToString(), _directory.DescribeNearest(asked), StringComparison.Ordinal);
    }

    [Fact]
    public void DescribeNearest_TerminalCodesInAText_AreNotWrittenOut()
    {
        Record(Samples.Asking("\u001b[31mred"));

        Assert.DoesNotContain("\u001b", _directory.DescribeNearest(Samples.Asking("blue")), StringComparison.Ordinal);
    }

    private string Record(RecordingRequest request) =>
        _directory.Write(request, Samples.Answer("4"), [], replace: true);
}
