using Larder.Onnx.Evaluations;
using Larder.Passes;
using Larder.TestKit;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Evaluations;

public sealed class OnnxLatencyEvaluationTests : IDisposable
{
    private readonly EvaluationBench _bench = new();
    private readonly OnnxLatencyEvaluation _latency = new(TimeProvider.System);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task RunAsync_InputsAreMade_MeasuresTheModelItself()
    {
        var figures = await _bench.RunAsync(
            _latency,
            """{"runs": 20, "warmup": 1, "dimensions": {"batch": 16}}""",
            EvaluationBench.HousePrices("v1")
        );

        Assert.Equal(
            ["latency_ms_mean", "latency_ms_median", "latency_ms_min", "latency_ms_p95", "runs", "runs_per_second"],
            figures.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal(20, figures["runs"]);
        Assert.InRange(figures["latency_ms_min"], 1e-6, figures["latency_ms_median"]);
        Assert.InRange(figures["latency_ms_p95"], figures["latency_ms_median"], 60_000);
        Assert.Equal(1000 / figures["latency_ms_mean"], figures["runs_per_second"], 6);
        Assert.StartsWith("20 runs, ", Assert.Single(_bench.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_InputsOfAFile_RunsThose()
    {
        _bench.Write("texts.json", """{"inputs": {"text": ["good", "bad"]}}""");

        var figures = await _bench.RunAsync(
            _latency,
            """{"inputs": "texts.json", "runs": 3}""",
            EvaluationBench.Sentiment
        );

        Assert.Equal(3, figures["runs"]);
    }

    [Fact]
    public async Task RunAsync_InputsDoNotFit_FailsForGoodAndNamesTheFile()
    {
        _bench.Write("texts.json", """{"inputs": {"words": "good"}}""");

        var failure = await _bench.FailAsync(_latency, """{"inputs": "texts.json"}""", EvaluationBench.Sentiment);

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.StartsWith("texts.json: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("inputs.text: The input is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_DamagedModel_FailsForGood()
    {
        var failure = await _bench.FailAsync(_latency, "{}", _bench.Model([1, 2, 3]));

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.IsType<OnnxException>(failure.InnerException);
    }

    [Fact]
    public async Task RunAsync_FileIsNotThere_NamesThoseThatAre()
    {
        var failure = await _bench.FailAsync(
            _latency,
            """{"file": "other.onnx"}""",
            _bench.Model(Models.Identity(OnnxType.Float))
        );

        Assert.Equal("The model has no file 'other.onnx'. Its .onnx files are: model.onnx.", failure.Message);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsTheRunUnderWay()
    {
        using var cancellation = new CancellationTokenSource();
        var model = _bench.Model(Models.Endless());
        var plan = _latency.Plan(_bench.Step("""{"warmup": 0, "runs": 1}"""));
        var run = new EvaluationRun
        {
            ModelPath = model,
            Model = Larder.Content.Manifest.Create([new("model.onnx", 1, Larder.Content.Digest.Of([]))]),
            WorkPath = model,
        };

        var measuring = plan.RunAsync(run, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => measuring);
    }

    [Theory]
    [InlineData(3, 0, 2, 3)]
    [InlineData(2, 0.5, 4, 5)]
    [InlineData(1, 1.05, 0, 11)]
    public void Time_FewestRunsAndShortestTime_GoesOnForBoth(int runs, double seconds, int warmup, int expected)
    {
        var clock = new ManualTimeProvider();
        var calls = 0;

        var times = new OnnxLatencyEvaluation(clock).Time(
            () =>
            {
                calls++;
                clock.Advance(TimeSpan.FromMilliseconds(100));
            },
            new LatencyOptions
            {
                Runs = runs,
                Seconds = seconds,
                Warmup = warmup,
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(Enumerable.Repeat(TimeSpan.FromMilliseconds(100), expected), times);
        Assert.Equal(warmup + expected, calls);
    }

    [Fact]
    public void Plan_ManyFaults_TellsAll()
    {
        var wrong = Assert.Throws<WorkflowException>(() =>
            _latency.Plan(
                _bench.Step(
                    """{"runs": 0, "seconds": -1, "threads": 0, "inputs": "nowhere.json", "dimensions": {"batch": -2}, "limits": {"latency_ms_p59": 1}}"""
                )
            )
        );

        Assert.Equal(
            [
                "$.evaluations[0].config.runs",
                "$.evaluations[0].config.seconds",
                "$.evaluations[0].config.threads",
                "$.evaluations[0].config.dimensions.batch",
                "$.evaluations[0].config.inputs",
                "$.evaluations[0].config.limits.latency_ms_p59",
            ],
            wrong.Faults.Select(fault => fault.Path)
        );
        Assert.EndsWith("Did you mean 'latency_ms_p95'?", wrong.Faults[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_Facts_TellTheMachineAndNoLimit()
    {
        _bench.Write("a.json", "{}");
        var plan = _latency.Plan(_bench.Step("""{"inputs": "a.json", "limits": {"runs_per_second": 5}}"""));

        Assert.Equal(
            ["architecture", "cpu", "onnxruntime", "onnxruntime_build", "processors"],
            plan.Facts.Environment.Keys.Order(StringComparer.Ordinal)
        );
        Assert.All(plan.Facts.Environment.Values, Assert.NotEmpty);
        Assert.Equal("a.json", Assert.Single(plan.Facts.Files).Key);
        Assert.Equal(
            """{"inputs":"a.json","dimensions":{},"seed":0,"warmup":5,"runs":50,"seconds":0,"threads":1}""",
            plan.Facts.Config.ToJsonString()
        );
        Assert.False(plan.NeedsInput);
    }

    [Fact]
    public void Missed_SlowerThanTheLimits_SaysSoOfEach()
    {
        var plan = _latency.Plan(_bench.Step("""{"limits": {"runs_per_second": 100, "latency_ms_p95": 12.5}}"""));

        Assert.Empty(plan.Missed(Figures(p95: 12.5, rate: 100)));
        Assert.Equal(
            [
                "'latency_ms_p95' is 20 and must be at most 12.5.",
                "'runs_per_second' is 50.25 and must be at least 100.",
            ],
            plan.Missed(Figures(p95: 20, rate: 50.25))
        );

        static Dictionary<string, double> Figures(double p95, double rate) =>
            new(StringComparer.Ordinal) { ["latency_ms_p95"] = p95, ["runs_per_second"] = rate };
    }
}
