namespace Larder.Transfer;

/// <summary>Consecutive blocks of a file that one connection has taken.</summary>
internal sealed class BlockRun(int first, int end)
{
    /// <summary>The next block to put.</summary>
    public int Next { get; set; } = first;

    /// <summary>The first block behind those that were taken.</summary>
    public int End { get; set; } = end;
}
