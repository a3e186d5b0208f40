namespace Larder.Transfer;

/// <summary>How far a transfer is.</summary>
/// <param name="FilesDone">Files that are complete.</param>
/// <param name="Files">Files in all.</param>
/// <param name="BytesDone">Bytes that have arrived or were there already.</param>
/// <param name="Bytes">Bytes in all, of the files whose length the origin tells.</param>
public readonly record struct TransferProgress(int FilesDone, int Files, long BytesDone, long Bytes)
{
    /// <summary>Bytes that arrived a second, over the last five seconds.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>How long it will take at this rate; null where nobody can tell.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>The files that are under way, in the order in which they were begun.</summary>
    public IReadOnlyList<FileProgress> UnderWay
    {
        get => field ?? [];
        init;
    }
}
