namespace Larder.Server.Telemetry;

/// <summary>Which signals the variables of OpenTelemetry want sent by OTLP.</summary>
/// <param name="Metrics">Whether metrics are sent.</param>
/// <param name="Traces">Whether traces are sent.</param>
/// <param name="Logs">Whether logs are sent.</param>
internal sealed record OtlpSignals(bool Metrics, bool Traces, bool Logs)
{
    /// <summary>Whether there is anything to send.</summary>
    public bool Any => Metrics || Traces || Logs;

    /// <summary>Reads the variables. Without an endpoint nothing is sent: the default one, on this machine, would be a guess.</summary>
    public static OtlpSignals Of(IReadOnlyDictionary<string, string?> variables)
    {
        var isDisabled = string.Equals(Value("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase);
        return new OtlpSignals(Wants("METRICS"), Wants("TRACES"), Wants("LOGS"));

        bool Wants(string signal) =>
            !isDisabled
            && (Value("OTEL_EXPORTER_OTLP_ENDPOINT") ?? Value($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")) is not null
            && (Value($"OTEL_{signal}_EXPORTER") ?? "otlp").Split(',', StringSplitOptions.TrimEntries).Contains("otlp");

        string? Value(string name) => variables.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>The signals by name, for people.</summary>
    public override string ToString() =>
        string.Join(
            ", ",
            new[] { Metrics ? "metrics" : null, Traces ? "traces" : null, Logs ? "logs" : null }.OfType<string>()
        );
}
