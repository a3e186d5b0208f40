namespace Larder.Transfer;

/// <summary>How far one file of a transfer is.</summary>
/// <param name="Path">Its path in the model.</param>
/// <param name="BytesDone">Bytes that have arrived or were there already.</param>
/// <param name="Bytes">Bytes in all; null where the origin does not tell.</param>
public readonly record struct FileProgress(string Path, long BytesDone, long? Bytes)
{
    /// <summary>Bytes that arrived a second, over the last five seconds.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>How long it will take at this rate; null where nobody can tell.</summary>
    public TimeSpan? TimeLeft { get; init; }
}
