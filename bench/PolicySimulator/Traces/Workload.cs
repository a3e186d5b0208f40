namespace PolicySimulator.Traces;

/// <summary>What made traces are like. The defaults are those that the target is set for.</summary>
internal sealed record Workload
{
    public int Models { get; init; } = 40;

    /// <summary>The least size of a model; sizes are spread evenly over their logarithms.</summary>
    public long LeastBytes { get; init; } = 50_000_000;

    public long MostBytes { get; init; } = 40_000_000_000;

    /// <summary>What every load takes, however small.</summary>
    public double LoadSeconds { get; init; } = 0.3;

    public double BytesPerSecond { get; init; } = 2_000_000_000;

    /// <summary>The most seconds of compiling; each model has some between 0 and this, whatever its size.</summary>
    public double MostCompileSeconds { get; init; } = 60;

    /// <summary>The exponent of popularity: a model is asked for in proportion to 1 / rank to that power.</summary>
    public double Zipf { get; init; } = 0.9;

    public int Requests { get; init; } = 8000;

    /// <summary>The mean time from one request to the next; the times are exponential, as of many independent callers.</summary>
    public double GapSeconds { get; init; } = 30;

    /// <summary>The number of requests after which, in a trace that drifts, one model gets another rank.</summary>
    public int DriftEvery { get; init; } = 100;

    /// <summary>The number of requests from the beginning of a scan to that of the next.</summary>
    public int ScanEvery { get; init; } = 1000;
}
