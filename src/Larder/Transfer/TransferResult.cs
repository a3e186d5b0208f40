using Larder.Content;

namespace Larder.Transfer;

/// <summary>Files that are staged and verified, ready to be committed.</summary>
/// <param name="Manifest">The files.</param>
/// <param name="Staged">For each digest the sealed file in the staging area.</param>
/// <param name="FilesFetched">Files whose bytes came from the origin.</param>
/// <param name="BytesFetched">Their bytes.</param>
internal sealed record TransferResult(
    Manifest Manifest,
    IReadOnlyDictionary<Digest, string> Staged,
    int FilesFetched,
    long BytesFetched
);
