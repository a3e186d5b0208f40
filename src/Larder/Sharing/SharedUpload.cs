using Larder.Content;

namespace Larder.Sharing;

/// <summary>A file to be written to a shared store.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Digest">The SHA-256 of its bytes.</param>
public sealed record SharedUpload(string Path, long SizeBytes, Digest Digest);
