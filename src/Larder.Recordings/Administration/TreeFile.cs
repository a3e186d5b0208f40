namespace Larder.Recordings.Administration;

/// <summary>Something in a directory of recordings.</summary>
/// <param name="Entry">The file or directory.</param>
/// <param name="Name">Its path in the directory.</param>
/// <param name="Role">What it is there for.</param>
internal sealed record TreeFile(FileSystemInfo Entry, string Name, TreeRole Role)
{
    /// <summary>Its size; none once it is gone.</summary>
    public long SizeBytes => Entry is FileInfo { Exists: true } file ? file.Length : 0;
}
