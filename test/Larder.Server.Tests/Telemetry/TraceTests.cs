using System.Collections.Concurrent;
using System.Diagnostics;
using Larder.Server.Tests.Http;

namespace Larder.Server.Tests.Telemetry;

public sealed class TraceTests : ServerTests
{
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
    private readonly ConcurrentQueue<Activity> _ended = new();

    [Fact]
    public async Task Predict_CallerHasATrace_GoesOnInItStepByStep()
    {
        using var listener = Listen();
        var server = await StartWithPricesAsync();

        await PredictAsync(server);

        Assert.Equal(
            ["larder.list", "larder.load", "larder.predict", "larder.pull", "larder.run", "larder.transfer"],
            _ended.Select(activity => activity.OperationName).Order(StringComparer.Ordinal)
        );
        var byName = _ended.ToDictionary(activity => activity.OperationName, StringComparer.Ordinal);
        var predict = byName["larder.predict"];
        Assert.Equal("prices", predict.GetTagItem("larder.model.id"));
        foreach (var name in new[] { "larder.pull", "larder.load", "larder.run" })
            Assert.Equal(predict.SpanId, byName[name].ParentSpanId);
        foreach (var name in new[] { "larder.list", "larder.transfer" })
            Assert.Equal(byName["larder.pull"].SpanId, byName[name].ParentSpanId);
        Assert.Equal("miss", byName["larder.pull"].GetTagItem("larder.pull.outcome"));
        Assert.InRange((long)byName["larder.transfer"].GetTagItem("larder.transfer.bytes")!, 1, long.MaxValue);
    }

    [Fact]
    public async Task Predict_LoadedModel_OnlyRuns()
    {
        var server = await StartWithPricesAsync();
        await PredictAsync(server);
        using var listener = Listen();

        await PredictAsync(server);

        Assert.Equal(
            ["larder.predict", "larder.run"],
            _ended.Select(activity => activity.OperationName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Predict_OriginIsDown_EndsItsActivitiesAsFailedWithoutSecrets()
    {
        using var listener = Listen();
        var server = await StartAsync(
            RunningServer.Model("prices", $"{RunningServer.ClosedPort()}?token=larder-canary-in-a-query")
        );

        await PredictAsync(server);

        var failed = _ended.Where(activity => activity.Status == ActivityStatusCode.Error).ToList();
        Assert.Equal(
            ["larder.list", "larder.predict", "larder.pull"],
            failed.Select(activity => activity.OperationName).Order(StringComparer.Ordinal)
        );
        Assert.All(_ended, activity => Assert.DoesNotContain("canary", Everything(activity), StringComparison.Ordinal));
    }

    private static string Everything(Activity activity) =>
        $"{activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)}";

    private async Task PredictAsync(RunningServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/models/prices/predict");
        request.Content = new StringContent(RunningServer.Example("house-prices/v1"));
        request.Headers.Add("traceparent", $"00-{_trace}-{ActivitySpanId.CreateRandom()}-01");
        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        // On the same connection, where it is answered when the one before has come to its end.
        await server.GetAsync("/health/live");
    }

    // Other tests' requests are in traces of their own.
    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Larder" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Larder" && activity.TraceId == _trace)
                    _ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
