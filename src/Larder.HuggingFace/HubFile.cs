using Larder.Content;

namespace Larder.HuggingFace;

/// <summary>A file of a commit.</summary>
/// <param name="Path">Its path in the repository.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="BlobId">Git's name of its content; of a large file that of the pointer to it.</param>
/// <param name="Sha256">The SHA-256 of its content, which the Hub tells of large files (LFS and Xet) only; else null.</param>
internal sealed record HubFile(string Path, long SizeBytes, string BlobId, Digest? Sha256);
