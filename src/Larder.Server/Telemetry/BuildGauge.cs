using System.Diagnostics.Metrics;
using Larder.Telemetry;

namespace Larder.Server.Telemetry;

/// <summary>Tells which version of Larder a server is.</summary>
internal sealed class BuildGauge : IDisposable
{
    private readonly Meter _meter = LarderMeter.New();

    public BuildGauge() =>
        _meter.CreateObservableGauge(
            "larder.build.info",
            () => new Measurement<int>(1, LarderMeter.Tag("version", LarderTelemetry.Version ?? "")),
            "{server}",
            "The version of this server; always 1"
        );

    public void Dispose() => _meter.Dispose();
}
