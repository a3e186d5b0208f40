using System.Diagnostics;
using Larder.Server.Telemetry;
using Larder.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests.Telemetry;

public sealed class OtlpExportTests
{
    [Fact]
    public async Task AddTo_EndpointOverHttp_ReceivesMetricsTracesAndLogsByTheEndOfTheServer()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var source = new ActivitySource(LarderTelemetry.ActivitySourceName);
        ActivityTraceId trace;
        await using (
            var app = await StartAsync(
                new()
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Url,
                    ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                    ["OTEL_SERVICE_NAME"] = "pantry",
                }
            )
        )
        {
            ServerMeter.CountPrediction("otlp-model", new PredictionTimes(default, default, TimeSpan.FromSeconds(1)));
            using (var activity = source.StartActivity("larder.predict"))
                trace = activity!.TraceId;
            app.Services.GetRequiredService<ILogger<OtlpExportTests>>().LogWarning("It was said");
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        // ExportMetricsServiceRequest.resource_metrics.scope_metrics.metrics.name, and the like of the others.
        var metrics = receiver.Find("metrics", 1, 2, 2, 1).Select(name => name.Text).ToList();
        Assert.Contains("larder.predictions.answered", metrics);
        Assert.Contains("larder.predictions.duration", metrics);
        Assert.Contains("dotnet.process.cpu.time", metrics);
        Assert.DoesNotContain("dotnet.assembly.count", metrics);
        Assert.Contains("Larder", receiver.Find("metrics", 1, 2, 1, 1).Select(name => name.Text));
        Assert.Contains(
            receiver.Find("traces", 1, 2, 2),
            span => span.At(5).Single().Text == "larder.predict" && span.At(1).Single().Hex == trace.ToString()
        );
        Assert.Contains("It was said", receiver.Find("logs", 1, 2, 2, 5, 1).Select(body => body.Text));
        foreach (var signal in new[] { "metrics", "traces", "logs" })
            Assert.Contains("pantry", receiver.Find(signal, 1, 1, 1, 2, 1).Select(value => value.Text));
    }

    [Fact]
    public async Task AddTo_NoEndpoint_AddsNothing()
    {
        await using var app = await StartAsync(new() { ["OTEL_SERVICE_NAME"] = "pantry" });

        Assert.Null(app.Services.GetService<OtlpSignals>());
        Assert.Null(app.Configuration["OTEL_SERVICE_NAME"]);
    }

    private static async Task<WebApplication> StartAsync(Dictionary<string, string?> variables)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        OtlpExport.AddTo(builder, variables);
        var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
