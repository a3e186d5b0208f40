namespace Larder.Transfer;

/// <summary>How far a transfer is.</summary>
/// <param name="FilesDone">Files that are complete.</param>
/// <param name="Files">Files in all.</param>
/// <param name="BytesDone">Bytes that have arrived or were there already.</param>
/// <param name="Bytes">Bytes in all, of the files whose length the origin tells.</param>
public readonly record struct TransferProgress(int FilesDone, int Files, long BytesDone, long Bytes);
