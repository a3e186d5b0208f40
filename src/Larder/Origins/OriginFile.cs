using Larder.Content;

namespace Larder.Origins;

/// <summary>A file as an origin lists it.</summary>
/// <param name="Path">Its path relative to the reference, with '/' between segments; not yet checked to be a safe one.</param>
/// <param name="SizeBytes">Its length, null where the origin does not tell.</param>
/// <param name="Version">The origin's own mark of this version of the file: another mark, another version.</param>
/// <param name="Digest">The SHA-256 of its bytes, null where the origin does not tell.</param>
public sealed record OriginFile(string Path, long? SizeBytes, string Version, Digest? Digest = null);
