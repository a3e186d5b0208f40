using System.Diagnostics.Metrics;
using Larder.Server.Telemetry;
using Larder.TestKit;

namespace Larder.Server.Tests.Telemetry;

/// <summary>The table of <c>docs/metrics.md</c> has every instrument, and no other.</summary>
[Collection(MetricTests.Name)]
public sealed class MetricsDocumentTests
{
    [Fact]
    public async Task Table_EveryInstrument_HasItsRow()
    {
        var document = await File.ReadAllLinesAsync(
            Path.Combine(Repository.Root, "docs", "metrics.md"),
            TestContext.Current.CancellationToken
        );
        // The table of activities has no names of metrics.
        var rows = document.Where(line =>
            line.StartsWith("| `larder.", StringComparison.Ordinal)
            && line.Contains("` | `larder_", StringComparison.Ordinal)
        );

        var expected = (await KnownMetrics.ListAsync()).Select(Row).ToList();

        Assert.True(
            expected.SequenceEqual(rows, StringComparer.Ordinal),
            $"The table of docs/metrics.md is to be:{Environment.NewLine}{string.Join(Environment.NewLine, expected)}"
        );
    }

    private static string Row(Instrument instrument)
    {
        var family = new MetricFamily(instrument);
        var name = family.Kind is MetricKind.Counter ? $"{family.Name}_total" : family.Name;
        return $"| `{instrument.Name}` | `{name}` | {family.Kind.ToString().ToLowerInvariant()} | {instrument.Unit} | {instrument.Description} |";
    }
}
