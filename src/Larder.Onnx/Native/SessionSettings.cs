namespace Larder.Onnx.Native;

/// <summary>What is said to the runtime of a session that is to be made.</summary>
/// <param name="IntraOpThreads">Threads that work on one operator, the calling one included.</param>
internal sealed record SessionSettings(int IntraOpThreads)
{
    /// <summary>The level of a graph that is optimised already, and taken as it is.</summary>
    public const int None = 0;

    /// <summary>The level that leaves a graph of ONNX's own operators.</summary>
    public const int Basic = 1;

    /// <summary>The level that joins operators into some of the runtime's own.</summary>
    public const int Extended = 2;

    /// <summary>The level that changes the layout of data for this processor.</summary>
    public const int All = 99;

    /// <summary>How far the graph is optimised, as the C API numbers it; as far as possible.</summary>
    public int Level { get; init; } = All;

    /// <summary>Where the optimised graph is written to while the session is made; null for nowhere.</summary>
    public string? OptimizedPath { get; init; }

    /// <summary>The file beside <see cref="OptimizedPath"/> that takes the large weights; null to have them in the graph's own.</summary>
    public string? WeightsFile { get; init; }
}
