namespace Larder.Onnx.Native;

/// <summary>What is said to the runtime of a session that is to be made.</summary>
/// <param name="IntraOpThreads">Threads that work on one operator, the calling one included.</param>
internal sealed record SessionSettings(int IntraOpThreads)
{
    /// <summary>Whether the graph in the file is optimised already, and taken as it is.</summary>
    public bool IsOptimized { get; init; }

    /// <summary>Where the optimised graph is written to while the session is made; null for nowhere.</summary>
    public string? OptimizedPath { get; init; }

    /// <summary>The file beside <see cref="OptimizedPath"/> that takes the large weights; null to have them in the graph's own.</summary>
    public string? WeightsFile { get; init; }
}
