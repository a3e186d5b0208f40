using Larder.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Larder.Server.Telemetry;

/// <summary>Sends metrics and traces for as long as the server runs, and the last of them when it stops.</summary>
internal sealed class OtlpProviders(OtlpSignals signals, IConfiguration configuration, ILogger<OtlpProviders> logger)
    : IHostedService,
        IDisposable
{
    // A receiver that is gone must not keep the server from ending.
    private const int FlushMilliseconds = 5000;

    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (signals.Metrics)
        {
            _metrics = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .ConfigureResource(OtlpExport.Describe)
                .AddMeter(LarderTelemetry.MeterName)
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                // The same as at /metrics.
                .AddView(instrument =>
                    instrument.Meter.Name == LarderTelemetry.MeterName
                    || MetricCollector.OfPlatform.Contains(instrument.Name)
                        ? null
                        : MetricStreamConfiguration.Drop
                )
                .AddOtlpExporter()
                .Build();
        }
        if (signals.Traces)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .ConfigureResource(OtlpExport.Describe)
                // The framework's activity of a request is the parent of Larder's, and takes over its caller's trace.
                .AddSource(LarderTelemetry.ActivitySourceName, "Microsoft.AspNetCore")
                .AddOtlpExporter()
                .Build();
        }
        logger.Exporting(signals.ToString());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        // It blocks, and hosts stop their services one after the other.
        Task.Run(
            () =>
            {
                _metrics?.Shutdown(FlushMilliseconds);
                _traces?.Shutdown(FlushMilliseconds);
            },
            CancellationToken.None
        );

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }
}
