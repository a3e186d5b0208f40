using System.Diagnostics.Metrics;
using Larder.Server.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Server.Tests.Telemetry;

[Collection(MetricTests.Name)]
public sealed class MetricCollectorTests : IDisposable
{
    private readonly string _name = $"larder.test.n{Guid.NewGuid():N}";
    private readonly Meter _meter = new("Larder");
    private readonly MetricCollector _collector = new(NullLogger<MetricCollector>.Instance);

    [Fact]
    public void Collect_LabelsWithSpecialLetters_AreEscaped()
    {
        _meter
            .CreateCounter<long>(_name, "{thing}", "Says \\ and\nmore")
            .Add(3, new KeyValuePair<string, object?>("a.b", "x\"y\\z\nend"));

        var text = Text();

        Assert.Contains($"# HELP {Metric}_total Says \\\\ and\\nmore\n", text, StringComparison.Ordinal);
        Assert.Contains($"{Metric}_total{{a_b=\"x\\\"y\\\\z\\nend\"}} 3\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Collect_SameTagsInAnotherOrder_AreOneSeries()
    {
        var counter = _meter.CreateCounter<long>(_name);
        counter.Add(1, new("b", "2"), new KeyValuePair<string, object?>("a", 1));
        counter.Add(2, new("a", 1), new KeyValuePair<string, object?>("b", "2"));

        Assert.Contains($"{Metric}_total{{a=\"1\",b=\"2\"}} 3\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Collect_Histogram_CountsEachValueInItsBucketAndAllAbove()
    {
        var histogram = _meter.CreateHistogram(
            _name,
            "s",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 10] }
        );
        foreach (var value in new[] { 0.5, 0.75, 1, 100 })
            histogram.Record(value);

        var lines = Text().Split('\n').Where(line => line.StartsWith(Metric, StringComparison.Ordinal));

        Assert.Equal(
            [
                $"{Metric}_seconds_bucket{{le=\"0.5\"}} 1",
                $"{Metric}_seconds_bucket{{le=\"1.0\"}} 3",
                $"{Metric}_seconds_bucket{{le=\"10.0\"}} 3",
                $"{Metric}_seconds_bucket{{le=\"+Inf\"}} 4",
                $"{Metric}_seconds_sum 102.25",
                $"{Metric}_seconds_count 4",
            ],
            lines
        );
    }

    [Fact]
    public void Collect_ObservedByTwoMeters_AddsThemAndForgetsTheOneThatEnded()
    {
        _meter.CreateObservableUpDownCounter(_name, () => 5, "By");
        using (var other = new Meter("Larder"))
        {
            other.CreateObservableUpDownCounter(_name, () => 7, "By");

            Assert.Contains($"{Metric}_bytes 12\n", Text(), StringComparison.Ordinal);
            Assert.Contains($"{Metric}_bytes 12\n", Text(), StringComparison.Ordinal);
        }

        Assert.Contains($"{Metric}_bytes 5\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Collect_ObservationThatFails_LeavesTheOthers()
    {
        _meter.CreateObservableUpDownCounter($"{_name}.broken", Fail);
        _meter.CreateObservableUpDownCounter(_name, () => 5);

        Assert.Contains($"{Metric} 5\n", Text(), StringComparison.Ordinal);

        static long Fail() => throw new InvalidOperationException("It is broken.");
    }

    [Fact]
    public void Collect_InstrumentsOfOneNameAndTwoKinds_KeepsTheFirst()
    {
        _meter.CreateUpDownCounter<long>(_name).Add(2);
        using var other = new Meter("Larder");
        other.CreateHistogram<double>(_name).Record(7);

        var text = Text();

        Assert.Contains($"{Metric} 2\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{Metric}_bucket", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Collect_MoreSeriesThanAreKept_AddsTheRestUpUnderOneLabel()
    {
        var counter = _meter.CreateCounter<long>(_name);
        const int more = 7;
        for (var i = 0; i < MetricFamily.MostSeries + more; i++)
            counter.Add(1, new KeyValuePair<string, object?>("i", i));

        var lines = Text().Split('\n').Where(line => line.StartsWith(Metric, StringComparison.Ordinal)).ToList();

        Assert.Equal(MetricFamily.MostSeries + 1, lines.Count);
        Assert.Contains($"{Metric}_total{{otel_metric_overflow=\"true\"}} {more}", lines);
    }

    [Fact]
    public void Measure_SeriesThatIsKnown_AllocatesNothing()
    {
        var counter = _meter.CreateCounter<long>(_name);
        var histogram = _meter.CreateHistogram<double>($"{_name}.time");
        Measure(10);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Measure(1000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);

        void Measure(int times)
        {
            for (var i = 0; i < times; i++)
            {
                counter.Add(1, new("model", "m"), new KeyValuePair<string, object?>("outcome", "answered"));
                histogram.Record(0.1, new("model", "m"), new KeyValuePair<string, object?>("step", "run"));
            }
        }
    }

    public void Dispose()
    {
        _meter.Dispose();
        _collector.Dispose();
    }

    private string Metric => _name.Replace('.', '_');

    private string Text()
    {
        var text = new PrometheusText(isOpenMetrics: false);
        foreach (var (family, series) in _collector.Collect())
            text.Write(family, series);
        return text.End();
    }
}
