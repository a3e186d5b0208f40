using System.Collections;
using System.Runtime.CompilerServices;
using Larder.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace Larder.Server.Telemetry;

/// <summary>Sends metrics, traces and logs by OTLP, where the variables of OpenTelemetry name an endpoint.</summary>
internal static class OtlpExport
{
    private const string Prefix = "OTEL_";

    /// <summary>Adds what the variables ask for. Without an endpoint no assembly of OpenTelemetry is loaded.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="variables">The variables; those of the process when null.</param>
    public static void AddTo(WebApplicationBuilder builder, IReadOnlyDictionary<string, string?>? variables = null)
    {
        variables ??= OfProcess();
        var signals = OtlpSignals.Of(variables);
        if (signals.Any)
            Add(builder, variables, signals);
    }

    /// <summary>Who it is that sends; the variables may say it otherwise.</summary>
    public static void Describe(ResourceBuilder resource) =>
        resource.AddService("larder", serviceVersion: LarderTelemetry.Version).AddEnvironmentVariableDetector();

    // Of its own, so that only a call of it needs OpenTelemetry.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(
        WebApplicationBuilder builder,
        IReadOnlyDictionary<string, string?> variables,
        OtlpSignals signals
    )
    {
        // Only these: what others say of the server's addresses must not count.
        builder.Configuration.AddInMemoryCollection(
            variables.Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal))
        );
        builder.Services.AddSingleton(signals);
        builder.Services.AddHostedService<OtlpProviders>();
        if (signals.Logs)
        {
            builder.Logging.AddOpenTelemetry(logging =>
            {
                var resource = ResourceBuilder.CreateDefault();
                Describe(resource);
                logging.SetResourceBuilder(resource).AddOtlpExporter();
                logging.IncludeFormattedMessage = true;
            });
        }
    }

    private static Dictionary<string, string?> OfProcess() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Where(variable => ((string)variable.Key).StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(
                variable => (string)variable.Key,
                variable => (string?)variable.Value,
                StringComparer.Ordinal
            );
}
