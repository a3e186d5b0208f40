using System.Globalization;

namespace Larder.IntegrationTests;

[Trait("Category", "Integration")]
public sealed class PredictCommandTests : CommandTests
{
    [Fact]
    public async Task Predict_ByReference_PrintsTheOutputs()
    {
        var result = (await RunAsync("predict", Sample(Prices), "--input", Example(Prices))).Done();

        Assert.Equal(
            403569,
            double.Parse(
                result.Output.Replace("price_eur: ", "", StringComparison.Ordinal),
                CultureInfo.InvariantCulture
            ),
            0.5
        );
        Assert.StartsWith("files: miss", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_SeveralOutputs_PrintsEach()
    {
        var result = (await RunAsync("predict", Sample("sentiment"), "-i", Example("sentiment"), "--quiet")).Done();

        Assert.StartsWith("label: \"positive\"\nscore: 0.98", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Predict_ById_AnswersAsTheServerDoes()
    {
        var configuration = Serving("prices", new Uri(Sample(Prices)).AbsoluteUri);
        await RunAsync("pull", Sample(Prices));

        var result = (
            await RunAsync("predict", "prices", "--input", Example(Prices), "--config", configuration, "--json")
        ).Done();

        Assert.Equal(
            ["prediction", "outputs", "from_cache", "uses_real_model", "model_id", "model_version", "cache", "seconds"],
            result.Names
        );
        Assert.Equal(403569, result.Json.GetProperty("prediction").GetDouble(), 0.5);
        Assert.Equal(
            ("prices", true),
            (result.Json.GetProperty("model_id").GetString(), result.Json.GetProperty("from_cache").GetBoolean())
        );
        Assert.Equal("hit", result.Json.GetProperty("cache").GetProperty("files").GetString());
    }

    [Fact]
    public async Task Predict_FromStandardInput_Answers()
    {
        using var process = CommandProcess.Start(
            Here,
            ["predict", Sample(Prices), "--input", "-", "--json"],
            $"LARDER_STORE={StorePath}"
        );
        await process.WriteInputAsync(
            await File.ReadAllTextAsync(Example(Prices), TestContext.Current.CancellationToken)
        );

        var result = (await process.EndAsync()).Done();

        Assert.Equal(403569, result.Json.GetProperty("prediction").GetDouble(), 0.5);
    }

    [Fact]
    public async Task Predict_WrongInputs_Is2AndNamesThem()
    {
        var input = Write("input.json", """{"inputs": {"area_m2": "large"}}""");

        var result = (await RunAsync("predict", Sample(Prices), "--input", input)).Ended(2);

        Assert.Contains("inputs.area_m2: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("inputs.rooms: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("{", "is not a JSON document")]
    [InlineData("", "is not a JSON document")]
    public async Task Predict_InputIsNoJson_Is2(string text, string message)
    {
        var result = (await RunAsync("predict", Sample(Prices), "--input", Write("input.json", text))).Ended(2);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/input.json", "cannot be read")]
    [InlineData("/", "cannot be read")]
    public async Task Predict_InputCannotBeRead_Is2(string input, string message)
    {
        var result = (await RunAsync("predict", Sample(Prices), "--input", input)).Ended(2);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_UnknownId_Is2AndNamesTheKnownOnes()
    {
        var configuration = Serving("prices", new Uri(Sample(Prices)).AbsoluteUri);

        var known = (await RunAsync("predict", "price", "--input", Example(Prices), "--config", configuration)).Ended(
            2
        );
        var none = (await RunAsync("predict", "price", "--input", Example(Prices))).Ended(2);

        Assert.Contains("which has: prices.", known.Error, StringComparison.Ordinal);
        Assert.Contains("the configuration has no models", none.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(StorePath));
    }

    [Fact]
    public async Task Predict_FileIsNoModel_Is1WithTheRuntimesReason()
    {
        Directory.CreateDirectory(At("model"));
        Write("model/model.onnx", "no model");

        var result = (await RunAsync("predict", "./model/", "--input", Example(Prices))).Ended(1);

        Assert.Contains("model.onnx", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
