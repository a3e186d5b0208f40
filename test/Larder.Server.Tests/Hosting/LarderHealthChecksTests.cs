using Larder.TestKit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Larder.Server.Tests.Hosting;

public sealed class LarderHealthChecksTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_AllIsWell_IsHealthyAndLeavesNothingInTheStore()
    {
        await using var app = await HostedApp.StartAsync();
        var staging = Path.Combine(app.Service<ModelCache>().StorePath, "staging");
        await app.Service<WarmUp>().ExecuteTask!.WaitAsync(Stop);

        var report = await CheckAsync(app);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(4, report.Entries.Count);
        Assert.All(report.Entries.Values, entry => Assert.Equal(["larder"], entry.Tags));
        Assert.Empty(Directory.EnumerateFileSystemEntries(staging));
        Assert.Equal("Healthy", await app.Http.GetStringAsync("/health", Stop));
    }

    [Fact]
    public async Task Check_StoreCannotBeWrittenTo_IsUnhealthy()
    {
        await using var app = await HostedApp.StartAsync();
        var staging = Path.Combine(app.Service<ModelCache>().StorePath, "staging");
        // Permissions do not keep root from writing; that there is no such directory does.
        Directory.Delete(staging, recursive: true);
        await File.WriteAllTextAsync(staging, "", Stop);

        var entry = await CheckAsync(app, "larder-store");

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("staging", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_StoreHoldsMoreThanItMay_IsDegraded()
    {
        await using var app = await HostedApp.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["store:capacity"] = "1000" }
        );
        // Another process with another limit filled it.
        using (var other = new ModelCache(new ModelCacheOptions { StorePath = app.Service<ModelCache>().StorePath }))
        using (
            await other.PullAsync(
                Origins.ModelReference.OfPath(RunningServer.Sample("sentiment")),
                cancellationToken: Stop
            )
        ) { }

        var entry = await CheckAsync(app, "larder-store");

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Equal(1000L, entry.Data["most_bytes"]);
    }

    [Fact]
    public async Task Check_ModelsAreBeingWarmed_IsUnhealthyUntilTheyAre()
    {
        var gate = new Gate();
        gate.Close();
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            await gate.PassAsync(exchange.Stopping);
            await exchange.AnswerAsync(404, []);
        });
        await using var app = await HostedApp.StartAsync(Warm(origin.Url("/model.onnx")));
        await gate.Reached;

        var before = await CheckAsync(app, "larder-models");
        gate.Open();
        await app.Service<WarmUp>().ExecuteTask!.WaitAsync(Stop);
        var after = await CheckAsync(app, "larder-models");

        Assert.Equal((HealthStatus.Unhealthy, HealthStatus.Degraded), (before.Status, after.Status));
    }

    [Fact]
    public async Task Check_OriginCannotBeAsked_IsDegradedAndNamesTheModel()
    {
        await using var app = await HostedApp.StartAsync(Warm(RunningServer.ClosedPort()));
        await app.Service<WarmUp>().ExecuteTask!.WaitAsync(Stop);

        var entry = await CheckAsync(app, "larder-models");

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.EndsWith(": down", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ModelThatIsToBeWarmIsNone_IsDegradedAndNamesIt()
    {
        using var origin = new TempDirectory();
        await File.WriteAllTextAsync(Path.Combine(origin.Path, "model.onnx"), "no model", Stop);
        await using var app = await HostedApp.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["models:broken:from"] = new Uri(origin.Path).AbsoluteUri,
                ["models:broken:warm"] = "true",
            }
        );
        await app.Service<WarmUp>().ExecuteTask!.WaitAsync(Stop);

        var entry = await CheckAsync(app, "larder-models");

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("cannot be loaded: broken", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_TeamsStoreDoesNotAnswer_IsDegraded()
    {
        using var directory = new TempDirectory();
        await File.WriteAllTextAsync(directory["file"], "", Stop);
        await using var app = await HostedApp.StartAsync(Team(directory["file"]));

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(app, "larder-team")).Status);
    }

    [Fact]
    public async Task Check_TeamsStoreAnswers_IsHealthy()
    {
        using var directory = new TempDirectory();
        await using var app = await HostedApp.StartAsync(Team(directory["team"]));

        var entry = await CheckAsync(app, "larder-team");

        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.EndsWith("answers", entry.Description, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Warm(string from) =>
        new(StringComparer.Ordinal)
        {
            ["models:down:from"] = from,
            ["models:down:warm"] = "true",
            ["transfer:retries"] = "0",
        };

    private static Dictionary<string, string> Team(string path) =>
        new(StringComparer.Ordinal) { ["shared:url"] = new Uri(path).AbsoluteUri, ["shared:deadline"] = "1 s" };

    private static Task<HealthReport> CheckAsync(HostedApp app) =>
        app.Service<HealthCheckService>().CheckHealthAsync(Stop);

    private static async Task<HealthReportEntry> CheckAsync(HostedApp app, string name) =>
        (await CheckAsync(app)).Entries[name];
}
