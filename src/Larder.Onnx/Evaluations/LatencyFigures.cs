namespace Larder.Onnx.Evaluations;

/// <summary>The figures of timed runs.</summary>
internal static class LatencyFigures
{
    public const string Median = "latency_ms_median";
    public const string P95 = "latency_ms_p95";
    public const string Min = "latency_ms_min";
    public const string Mean = "latency_ms_mean";
    public const string RunsPerSecond = "runs_per_second";
    public const string Runs = "runs";

    /// <summary>The figures of at least one run.</summary>
    public static IReadOnlyDictionary<string, double> Of(IReadOnlyList<TimeSpan> runs)
    {
        double[] sorted = [.. runs.Select(run => run.TotalMilliseconds).Order()];
        var mean = sorted.Average();
        var figures = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [Median] = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2,
            // By nearest rank: a time that a run took, and of few runs the longest.
            [P95] = sorted[(int)Math.Ceiling(0.95 * sorted.Length) - 1],
            [Min] = sorted[0],
            [Mean] = mean,
            [Runs] = sorted.Length,
        };
        // A clock too coarse for the model gives times of nothing, and of those no rate.
        if (mean > 0)
            figures[RunsPerSecond] = 1000 / mean;
        return figures;
    }
}
