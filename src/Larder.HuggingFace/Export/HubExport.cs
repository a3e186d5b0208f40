namespace Larder.HuggingFace.Export;

/// <summary>What was put into a cache of the Hub's clients.</summary>
/// <param name="Path">The directory with the model's files under their names.</param>
/// <param name="Repository">The repository that the clients find it under: <c>org/name</c>, <c>datasets/org/name</c>.</param>
/// <param name="Revision">The branch or tag that they find it under; null where it is found by its commit alone.</param>
/// <param name="Commit">The commit that they find it under.</param>
/// <param name="Files">How many files it has.</param>
/// <param name="SizeBytes">Bytes of all its files.</param>
/// <param name="CopiedBytes">Bytes that were written: 0 where the file system could share all of them with the store.</param>
public sealed record HubExport(
    string Path,
    string Repository,
    string? Revision,
    string Commit,
    int Files,
    long SizeBytes,
    long CopiedBytes
);
