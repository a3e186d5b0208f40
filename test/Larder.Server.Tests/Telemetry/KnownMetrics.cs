using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Larder.Graphs;
using Larder.Server.Telemetry;
using Larder.TestKit;

namespace Larder.Server.Tests.Telemetry;

/// <summary>Every instrument that Larder has, found by making whatever makes them.</summary>
internal static class KnownMetrics
{
    private static readonly string[] Assemblies =
    [
        "Larder",
        "Larder.Graphs",
        "Larder.Onnx",
        "Larder.Passes",
        "Larder.Recordings",
        "Larder.Server",
    ];

    /// <summary>The instruments, by name.</summary>
    public static async Task<IReadOnlyList<Instrument>> ListAsync()
    {
        var found = new Dictionary<string, Instrument>(StringComparer.Ordinal);
        using var directory = new TempDirectory();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                lock (found)
                {
                    // Other tests' own are none of Larder's.
                    if (
                        instrument.Meter.Name == "Larder"
                        && !instrument.Name.StartsWith("larder.test.", StringComparison.Ordinal)
                    )
                        found[instrument.Name] = instrument;
                }
            },
        };
        listener.Start();
        foreach (var type in Assemblies.Select(Assembly.Load).SelectMany(assembly => assembly.GetTypes()))
        {
            if (type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public).Any(IsInstrument))
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
        using var files = new ModelCache(new ModelCacheOptions { StorePath = directory["store"] });
        using var build = new BuildGauge();
        await using var graphs = new GraphCache(new GraphCacheOptions());
        lock (found)
            return [.. found.Values.OrderBy(instrument => instrument.Name, StringComparer.Ordinal)];
    }

    /// <summary>The names under which expressions may ask for them.</summary>
    public static async Task<IReadOnlySet<string>> NamesAsync()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var family in (await ListAsync()).Select(instrument => new MetricFamily(instrument)))
        {
            names.UnionWith(
                family.Kind switch
                {
                    MetricKind.Counter => [$"{family.Name}_total"],
                    MetricKind.Gauge => [family.Name],
                    _ => [$"{family.Name}_bucket", $"{family.Name}_sum", $"{family.Name}_count"],
                }
            );
        }
        return names;
    }

    private static bool IsInstrument(FieldInfo field) => typeof(Instrument).IsAssignableFrom(field.FieldType);
}
