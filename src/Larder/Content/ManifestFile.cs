namespace Larder.Content;

/// <summary>One file of a model: where it lies, how long it is and what it holds.</summary>
/// <param name="Path">The path relative to the model, with <c>/</c> between its segments.</param>
/// <param name="SizeBytes">The length in bytes.</param>
/// <param name="Digest">The SHA-256 of the bytes.</param>
public sealed record ManifestFile(string Path, long SizeBytes, Digest Digest);
