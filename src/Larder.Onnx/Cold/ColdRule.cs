namespace Larder.Onnx.Cold;

/// <summary>When an optimised copy of a model pays for what it costs.</summary>
/// <remarks><c>ColdLoadBenchmark</c> measures what this decides; <c>bench/README.md</c> has its numbers.</remarks>
internal sealed record ColdRule
{
    /// <summary>A smaller model file has too few operators to take long: at 50 KiB a load takes 20 to 30 ms.</summary>
    public long LeastModelBytes { get; init; } = 32 << 10;

    /// <summary>
    /// A larger model is loaded once in this process before its copy is written, to know that it pays: writing alone adds half a
    /// millisecond for each MiB to a load, and ten times as much where the disk cannot keep up. What is smaller is written at once.
    /// </summary>
    public long MostUntriedBytes { get; init; } = 16 << 20;

    /// <summary>A load that is over sooner is left as it is: half of it is most that could be saved.</summary>
    public TimeSpan LeastLoadTime { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Bytes that a copy may have for each second that the load took: about what one core hashes and a disk takes in. So a copy
    /// costs about as much again as the load at most, and a model that is mostly weights, which no optimiser makes fewer, has none.
    /// </summary>
    public long BytesPerSecond { get; init; } = 250_000_000;

    /// <summary>Whether a copy of that size is worth its place, given how long the load took.</summary>
    public bool IsWorthKeeping(long sizeBytes, TimeSpan loadTime) =>
        loadTime >= LeastLoadTime && sizeBytes <= loadTime.TotalSeconds * BytesPerSecond;
}
