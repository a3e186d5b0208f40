using Larder.Server.Tests.Http;

namespace Larder.Server.Tests.Telemetry;

[Collection(MetricTests.Name)]
public sealed class MetricsEndpointTests : ServerTests
{
    // Metrics are those of the process, in which other tests predict, too: this id is of these tests alone.
    private readonly string _id = $"metrics-{Guid.NewGuid():N}";

    [Fact]
    public async Task Get_AfterAMissAndAHit_CountsPredictionsByModelOutcomeAndStep()
    {
        var server = await StartAsync(Model());
        await PredictAsync(server);
        await PredictAsync(server);

        var metrics = await MetricsText.GetAsync(server.Http);

        Assert.Equal(2, metrics[$"larder_predictions_answered_total{{model=\"{_id}\",outcome=\"answered\"}}"]);
        foreach (var step in new[] { "files", "load", "run" })
        {
            var labels = $"model=\"{_id}\",step=\"{step}\"";
            Assert.Equal(2, metrics[$"larder_predictions_duration_seconds_count{{{labels}}}"]);
            Assert.Equal(2, metrics[$"larder_predictions_duration_seconds_bucket{{{labels},le=\"+Inf\"}}"]);
        }
        Assert.InRange(
            metrics[$"larder_predictions_duration_seconds_sum{{model=\"{_id}\",step=\"load\"}}"] ?? 0,
            0.0001,
            60
        );
    }

    [Fact]
    public async Task Get_AfterAPull_TellsOfStoreGraphsTransfersAndProcess()
    {
        var server = await StartAsync(Model());
        await PredictAsync(server);

        var metrics = await MetricsText.GetAsync(server.Http);

        Assert.InRange(metrics["larder_pulls_answered_total{outcome=\"miss\"}"] ?? 0, 1, double.MaxValue);
        Assert.InRange(metrics["larder_pulls_fetched_bytes_total{from=\"origin\"}"] ?? 0, 100, double.MaxValue);
        Assert.InRange(metrics["larder_transfers_bytes_total"] ?? 0, 100, double.MaxValue);
        Assert.InRange(metrics["larder_store_bytes"] ?? 0, 100, double.MaxValue);
        Assert.InRange(metrics["larder_store_models"] ?? 0, 1, double.MaxValue);
        Assert.InRange(metrics["larder_graphs_misses_total"] ?? 0, 1, double.MaxValue);
        Assert.InRange(metrics["dotnet_process_memory_working_set_bytes"] ?? 0, 1e6, 1e12);
        Assert.InRange(
            metrics[
                "http_server_request_duration_seconds_count{http_request_method=\"POST\",http_response_status_code=\"200\",http_route=\"/api/models/{id}/predict\",network_protocol_version=\"1.1\",url_scheme=\"http\"}"
            ]
                ?? 0,
            1,
            double.MaxValue
        );
    }

    [Fact]
    public async Task Get_NothingHasHappened_HasTheCountersThatAlertsWatch()
    {
        var server = await StartAsync(Model());

        var metrics = await MetricsText.GetAsync(server.Http);

        Assert.All(
            [
                "larder_store_damaged_total",
                "larder_store_failures_total{failure=\"no_room\"}",
                "larder_store_failures_total{failure=\"unusable\"}",
                "larder_store_evictions_total{reason=\"room\"}",
                "larder_pulls_answered_total{outcome=\"stale\"}",
                "larder_pulls_answered_total{outcome=\"failed\"}",
            ],
            name => Assert.NotNull(metrics[name])
        );
    }

    [Fact]
    public async Task Get_BadInputsAndUnknownModels_AreCountedUnderNoNameOfACaller()
    {
        var server = await StartAsync(Model());
        var invented = $"invented-{Guid.NewGuid():N}";
        (await server.PredictAsync(_id, """{"inputs": {}}""")).AssertProblem(400, "invalid-inputs");
        (await server.PredictAsync(_id, "{")).AssertProblem(400, "invalid-json");
        (await server.PredictAsync(invented, "{}")).AssertProblem(404, "unknown-model");

        var metrics = await MetricsText.GetAsync(server.Http);

        Assert.Equal(2, metrics[$"larder_predictions_answered_total{{model=\"{_id}\",outcome=\"refused\"}}"]);
        Assert.InRange(
            metrics["larder_server_problems_total{status=\"404\",type=\"unknown-model\"}"] ?? 0,
            1,
            double.MaxValue
        );
        Assert.DoesNotContain(invented, metrics.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ModelThatCannotBeHad_IsCountedAsFailed()
    {
        var server = await StartAsync(RunningServer.Model(_id, RunningServer.ClosedPort()));
        (await server.PredictAsync(_id, "{}")).AssertProblem(503, "origin-unavailable");

        var metrics = await MetricsText.GetAsync(server.Http);

        Assert.Equal(1, metrics[$"larder_predictions_answered_total{{model=\"{_id}\",outcome=\"failed\"}}"]);
        Assert.InRange(metrics["larder_pulls_answered_total{outcome=\"failed\"}"] ?? 0, 1, double.MaxValue);
    }

    [Fact]
    public async Task Get_InferenceProtocol_IsCountedAsAPredictionToo()
    {
        var server = await StartAsync(Model());
        var body = """
            {"inputs": [
              {"name": "area_m2", "shape": [1, 1], "datatype": "FP32", "data": [120]},
              {"name": "nothing", "shape": [1, 1], "datatype": "FP32", "data": [4]}]}
            """;
        var answer = await server.SendAsync(HttpMethod.Post, $"/v2/models/{_id}/infer", body);

        var metrics = await MetricsText.GetAsync(server.Http);

        Assert.Equal(400, (int)answer.Status);
        Assert.Equal(1, metrics[$"larder_predictions_answered_total{{model=\"{_id}\",outcome=\"refused\"}}"]);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("text/plain", false)]
    [InlineData("text/html, nonsense;;", false)]
    [InlineData("application/openmetrics-text; version=1.0.0", true)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text; version=9.0.0, text/plain;q=0.1", false)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.2,text/plain;version=0.0.4;q=0.9", false)]
    // As Prometheus 2 asks.
    [InlineData(
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        true
    )]
    public async Task Get_Accept_ChoosesTheFormat(string? accept, bool isOpenMetrics)
    {
        var server = await StartAsync(Model());
        await PredictAsync(server);

        var metrics = await MetricsText.GetAsync(server.Http, accept);

        Assert.Equal(
            isOpenMetrics
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8",
            metrics.ContentType
        );
        Assert.Equal(isOpenMetrics, metrics.Text.EndsWith("\n# EOF\n", StringComparison.Ordinal));
        Assert.Equal(
            isOpenMetrics,
            metrics.Text.Contains("# TYPE larder_predictions_answered counter\n", StringComparison.Ordinal)
        );
        Assert.Equal(
            isOpenMetrics,
            metrics.Text.Contains("# UNIT larder_predictions_duration_seconds seconds\n", StringComparison.Ordinal)
        );
        Assert.Equal(
            !isOpenMetrics,
            metrics.Text.Contains("# TYPE larder_predictions_answered_total counter\n", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Get_TextFormat_HasNoFaultForPromtool()
    {
        var server = await StartAsync(Model());
        await PredictAsync(server);
        await server.PredictAsync(_id, "{");

        var metrics = await MetricsText.GetAsync(server.Http);

        Assert.Contains("larder_predictions_answered_total", metrics.Text, StringComparison.Ordinal);
        await Promtool.CheckAsync("metrics", path: null, metrics.Text);
    }

    private Larder.Server.Configuration.ServedModel Model() =>
        RunningServer.Model(_id, RunningServer.Sample("house-prices/v1"));

    private async Task PredictAsync(RunningServer server)
    {
        var answer = await server.PredictAsync(_id, RunningServer.Example("house-prices/v1"));
        Assert.Equal(200, (int)answer.Status);
    }
}
