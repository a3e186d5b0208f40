using Larder.Content;

namespace Larder.HuggingFace.Export;

/// <summary>A file on its way into a cache of the Hub's clients.</summary>
/// <param name="Path">Its path in the repository.</param>
/// <param name="Blob">The name of its content there: what the Hub sends as the file's ETag.</param>
/// <param name="Source">Where it lies now.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Digest">The SHA-256 of its content.</param>
internal sealed record ExportedFile(string Path, string Blob, string Source, long SizeBytes, Digest Digest)
{
    /// <summary>Whether the Hub keeps it as a large file, which is named by its SHA-256.</summary>
    public bool IsLarge => Blob.Length == Digest.SizeBytes * 2;
}
