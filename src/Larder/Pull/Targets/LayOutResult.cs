namespace Larder.Pull.Targets;

/// <summary>What was done in a directory.</summary>
/// <param name="Path">The directory.</param>
/// <param name="FilesWritten">Files that were written.</param>
/// <param name="FilesKept">Files that were there already and right.</param>
/// <param name="FilesRemoved">Files of an earlier version that were removed.</param>
/// <param name="BytesWritten">Bytes of the files that were written.</param>
public sealed record LayOutResult(string Path, int FilesWritten, int FilesKept, int FilesRemoved, long BytesWritten);
