using Larder.Content;
using Larder.Store;

namespace Larder.Pull;

/// <summary>Files that came from a shared store and are staged for a pull that gets the rest from the origin.</summary>
/// <param name="Staging">Where they lie, until this is disposed.</param>
/// <param name="Known">Them by their paths.</param>
/// <param name="Staged">For each digest the sealed file.</param>
/// <param name="SizeBytes">Bytes that came.</param>
internal sealed record BorrowedFiles(
    StagingArea Staging,
    IReadOnlyDictionary<string, ManifestFile> Known,
    IReadOnlyDictionary<Digest, string> Staged,
    long SizeBytes
) : IDisposable
{
    public void Dispose() => Staging.Dispose();
}
