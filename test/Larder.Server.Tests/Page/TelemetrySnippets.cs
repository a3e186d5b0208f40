using Larder.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Larder.Server.Tests.Page;

/// <summary>What <c>docs/metrics.md</c> shows, compiled.</summary>
internal static class TelemetrySnippets
{
    public static void Listen()
    {
        using var metrics = Sdk.CreateMeterProviderBuilder()
            .AddMeter(LarderTelemetry.MeterName)
            .AddOtlpExporter()
            .Build();
        using var traces = Sdk.CreateTracerProviderBuilder()
            .AddSource(LarderTelemetry.ActivitySourceName)
            .AddOtlpExporter()
            .Build();
    }
}
