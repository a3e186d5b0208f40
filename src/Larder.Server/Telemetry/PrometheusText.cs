using System.Globalization;
using System.Text;

namespace Larder.Server.Telemetry;

/// <summary>Writes metrics as text: Prometheus' format 0.0.4, or OpenMetrics 1.0.0.</summary>
internal sealed class PrometheusText(bool isOpenMetrics)
{
    public const string PrometheusType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly StringBuilder _text = new();

    public string ContentType => isOpenMetrics ? OpenMetricsType : PrometheusType;

    public void Write(MetricFamily family, IReadOnlyList<(string Labels, MetricValue Value)> series)
    {
        var isCounter = family.Kind is MetricKind.Counter;
        // OpenMetrics names a counter without the suffix that its sample has; the older format knows samples alone.
        var name = isCounter && !isOpenMetrics ? $"{family.Name}_total" : family.Name;
        _text.Append("# HELP ").Append(name).Append(' ').Append(family.Help).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(TypeOf(family.Kind)).Append('\n');
        if (isOpenMetrics && family.Unit is { } unit && name.EndsWith($"_{unit}", StringComparison.Ordinal))
            _text.Append("# UNIT ").Append(name).Append(' ').Append(unit).Append('\n');
        foreach (var (labels, value) in series)
        {
            if (family.Kind is MetricKind.Histogram)
                WriteHistogram(family, labels, value);
            else
                WriteSample(isCounter ? $"{family.Name}_total" : family.Name, labels, value.Sum);
        }
    }

    /// <summary>The whole text.</summary>
    public string End() => _text.Append(isOpenMetrics ? "# EOF\n" : "").ToString();

    private void WriteHistogram(MetricFamily family, string labels, MetricValue value)
    {
        long count = 0;
        for (var i = 0; i < value.Buckets.Count; i++)
        {
            count += value.Buckets[i];
            var limit = i < family.Limits.Count ? Limit(family.Limits[i]) : "+Inf";
            var separator = labels.Length > 0 ? "," : "";
            WriteSample($"{family.Name}_bucket", $"{labels}{separator}le=\"{limit}\"", count);
        }
        WriteSample($"{family.Name}_sum", labels, value.Sum);
        WriteSample($"{family.Name}_count", labels, count);
    }

    private void WriteSample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
            _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string TypeOf(MetricKind kind) =>
        kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Gauge => "gauge",
            _ => "histogram",
        };

    // With a point also where none is needed, as OpenMetrics wants it: the same series in both formats.
    private static string Limit(double limit)
    {
        var text = Number(limit);
        return text.AsSpan().ContainsAny(".eE") ? text : $"{text}.0";
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : double.IsNaN(value) ? "NaN"
        : value.ToString(CultureInfo.InvariantCulture);
}
