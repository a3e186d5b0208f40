using Larder.Server.Telemetry;

namespace Larder.Server.Tests.Telemetry;

public sealed class OtlpSignalsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=", "")]
    [InlineData("OTEL_SERVICE_NAME=x", "")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://x", "metrics, traces, logs")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://x", "traces")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://x OTEL_LOGS_EXPORTER=none", "metrics, traces")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://x OTEL_METRICS_EXPORTER=console,otlp", "metrics, traces, logs")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://x OTEL_SDK_DISABLED=TRUE", "")]
    public void Of_Variables_SendsWhatTheyAskFor(string variables, string expected)
    {
        var signals = OtlpSignals.Of(
            variables
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(variable => variable.Split('=', 2))
                .ToDictionary(parts => parts[0], parts => (string?)parts[1], StringComparer.Ordinal)
        );

        Assert.Equal((expected, expected.Length > 0), (signals.ToString(), signals.Any));
    }
}
