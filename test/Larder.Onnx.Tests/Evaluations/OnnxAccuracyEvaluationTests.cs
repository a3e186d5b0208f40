using Larder.Onnx.Evaluations;
using Larder.Passes;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Evaluations;

public sealed class OnnxAccuracyEvaluationTests : IDisposable
{
    private const string House =
        """{"area_m2": 120, "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}""";

    private readonly EvaluationBench _bench = new();
    private readonly OnnxAccuracyEvaluation _accuracy = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task RunAsync_AgainstItself_IsExact()
    {
        var model = EvaluationBench.HousePrices("v1");

        var figures = await _bench.RunAsync(_accuracy, """{"samples": 5, "dimensions": {"batch": 4}}""", model, model);

        Assert.Equal(
            new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["samples"] = 5,
                ["max_abs_error"] = 0,
                ["mean_abs_error"] = 0,
                ["cosine_similarity"] = 1,
                ["nonfinite_mismatches"] = 0,
            },
            figures.ToDictionary(figure => figure.Key, figure => Math.Round(figure.Value, 12), StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task RunAsync_AgainstTheInputModel_MeasuresTheDifference()
    {
        _bench.Write("house.json", $$"""{"inputs": {{House}}}""");

        var figures = await _bench.RunAsync(
            _accuracy,
            """{"inputs": "house.json"}""",
            EvaluationBench.HousePrices("v2"),
            EvaluationBench.HousePrices("v1")
        );

        // The README of the sample says 403,569 and 441,154.
        Assert.Equal(441_154 - 403_569, figures["max_abs_error"], tolerance: 2);
        Assert.Equal(figures["max_abs_error"], figures["mean_abs_error"]);
    }

    [Fact]
    public async Task RunAsync_AgainstExpected_TakesTheSamplesOfAllFiles()
    {
        _bench.Write("houses/1.json", $$$"""{"inputs": {{{House}}}, "outputs": {"price_eur": 403569}}""");
        _bench.Write("houses/2.json", $$$"""[{"inputs": {{{House}}}, "outputs": {"price_eur": [[403579]]}}]""");

        var figures = await _bench.RunAsync(
            _accuracy,
            """{"inputs": "houses", "against": "expected"}""",
            EvaluationBench.HousePrices("v1")
        );

        Assert.Equal(2, figures["samples"]);
        Assert.Equal(10, figures["max_abs_error"], tolerance: 1);
        Assert.Equal(5, figures["mean_abs_error"], tolerance: 1);
    }

    [Fact]
    public async Task RunAsync_TextsAndScores_AreEachComparedInTheirWay()
    {
        _bench.Write(
            "texts.json",
            """
            [{"inputs": {"text": ["superb", "broken"]}, "outputs": {"label": ["positive", "positive"]}},
             {"inputs": {"text": ["superb"]}, "outputs": {"label": ["positive"], "score": [0.5]}}]
            """
        );

        var figures = await _bench.RunAsync(
            _accuracy,
            """{"inputs": "texts.json", "against": "expected"}""",
            EvaluationBench.Sentiment
        );

        Assert.Equal(2.0 / 3, figures["exact_agreement"], 12);
        Assert.Equal((1 / (1 + Math.Exp(-3))) - 0.5, figures["max_abs_error"], tolerance: 1e-3);
        Assert.DoesNotContain("top1_agreement", figures.Keys);
    }

    [Fact]
    public async Task RunAsync_NaNWhereTheInputModelHasANumber_IsToldAndKeptOutOfTheErrors()
    {
        // x / x is NaN at 0, and x · x is not.
        var figures = await _bench.RunAsync(
            _accuracy,
            """{"inputs": "zero.json"}""",
            _bench.Model(Operator("Div")),
            _bench.Model(Operator("Mul"))
        );

        Assert.Equal(1, figures["nonfinite_mismatches"]);
        Assert.Equal(0, figures["max_abs_error"]);
    }

    [Fact]
    public async Task RunAsync_ExpectedOutputsAreMissing_SaysWhere()
    {
        _bench.Write("house.json", $$"""[{"inputs": {{House}}}]""");

        var failure = await _bench.FailAsync(
            _accuracy,
            """{"inputs": "house.json", "against": "expected"}""",
            EvaluationBench.HousePrices("v1")
        );

        Assert.StartsWith(
            "house.json[0]: there are no expected outputs in it",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task RunAsync_ExpectedOutputsDoNotFit_TellsAllFaults()
    {
        _bench.Write("house.json", $$$"""{"inputs": {{{House}}}, "outputs": {"price": 1, "price_eur": "much"}}""");

        var failure = await _bench.FailAsync(
            _accuracy,
            """{"inputs": "house.json", "against": "expected"}""",
            EvaluationBench.HousePrices("v1")
        );

        Assert.Contains(
            "outputs.price: The model has no such output; it has 'price_eur'.",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("outputs.price_eur: Expected a number, got a text.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OutputsHaveOtherNames_SaysWhatToDo()
    {
        var failure = await _bench.FailAsync(
            _accuracy,
            """{"samples": 1}""",
            _bench.Model(Operator("Mul", output: "z")),
            _bench.Model(Operator("Mul"))
        );

        Assert.Equal("The model has no output 'y'; it has 'z'. Name those to compare in 'outputs'.", failure.Message);
    }

    [Fact]
    public async Task RunAsync_OutputsAreNamed_ComparesOnlyThose()
    {
        var sumAndProduct = _bench.Model(Models.SumAndProduct());

        var figures = await _bench.RunAsync(
            _accuracy,
            """{"outputs": ["sum"], "samples": 1, "dimensions": {"batch": 8}, "scores": ["sum"]}""",
            sumAndProduct,
            sumAndProduct
        );

        Assert.Equal(1, figures["top1_agreement"]);
    }

    [Fact]
    public void Plan_SamplesWithoutWhatTheyNeed_TellsAllFaults()
    {
        _bench.Write("a.json", "{}");

        Assert.Equal(["$.evaluations[0].config.against"], Faults("""{"against": "expected"}"""));
        Assert.Equal(
            [
                "$.evaluations[0].config.input_file",
                "$.evaluations[0].config.outputs",
                "$.evaluations[0].config.samples",
                "$.evaluations[0].config.seed",
            ],
            Faults(
                """{"against": "expected", "inputs": "a.json", "input_file": "b", "outputs": [], "samples": 3, "seed": 1}"""
            )
        );
        Assert.Equal(["$.evaluations[0].config.against"], Faults("""{"against": 1}"""));
    }

    [Fact]
    public void Plan_Facts_AreTheSameOnOtherMachinesAndForOtherLimits()
    {
        var plan = _accuracy.Plan(_bench.Step("""{"limits": {"max_abs_error": 0.1}}"""));

        Assert.True(plan.NeedsInput);
        Assert.Equal(["architecture", "onnxruntime"], plan.Facts.Environment.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("""{"against":"input","samples":8,"seed":0,"dimensions":{}}""", plan.Facts.Config.ToJsonString());
    }

    [Fact]
    public void Missed_FigureIsNotThere_IsMissed()
    {
        var plan = _accuracy.Plan(_bench.Step("""{"limits": {"max_abs_error": 0.1, "cosine_similarity": 0.99}}"""));

        Assert.Equal(
            ["'max_abs_error' must be at most 0.1, and nothing of the model could be measured for it."],
            plan.Missed(new Dictionary<string, double>(StringComparer.Ordinal) { ["cosine_similarity"] = 1 })
        );
    }

    private IEnumerable<string> Faults(string config) =>
        Assert.Throws<WorkflowException>(() => _accuracy.Plan(_bench.Step(config))).Faults.Select(fault => fault.Path);

    private byte[] Operator(string name, string output = "y")
    {
        _bench.Write("zero.json", """{"inputs": {"x": [0, 1]}}""");
        return new OnnxWriter("operator")
            .Input("x", OnnxType.Float, 2)
            .Output(output, OnnxType.Float, 2)
            .Node(new OnnxNode(name, ["x", "x"], [output]))
            .ToArray();
    }
}
