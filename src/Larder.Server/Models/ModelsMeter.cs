using System.Diagnostics.Metrics;

namespace Larder.Server.Models;

/// <summary>What became of models and of the configuration while the server ran, on the meter named <c>Larder</c>.</summary>
internal static class ModelsMeter
{
    private static readonly Meter Meter = new("Larder");

    private static readonly Counter<long> Revalidations = Meter.CreateCounter<long>(
        "larder.models.revalidations",
        "{question}",
        "Questions to origins for newer versions of served models, by outcome: unchanged, new, failed"
    );

    private static readonly Counter<long> Switches = Meter.CreateCounter<long>(
        "larder.models.switches",
        "{version}",
        "New versions of served models, by outcome: switched, or failed to load"
    );

    private static readonly Counter<long> Reloads = Meter.CreateCounter<long>(
        "larder.configuration.reloads",
        "{reload}",
        "Changes of the configuration while the server ran, by outcome: applied, refused"
    );

    public static void CountRevalidation(string outcome) => Revalidations.Add(1, Outcome(outcome));

    public static void CountSwitch(string outcome) => Switches.Add(1, Outcome(outcome));

    public static void CountReload(string outcome) => Reloads.Add(1, Outcome(outcome));

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);
}
