using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>Puts a missing blob back from a snapshot that has a copy of it, without its origin.</summary>
/// <remarks>Who lost a blob and kept a whole snapshot would pull it as a hit, and the blob would stay missing.</remarks>
internal sealed class BlobRestore(LocalStore store)
{
    /// <summary>Whether the blob is there now.</summary>
    /// <param name="snapshot">A leased snapshot that lists the blob.</param>
    /// <param name="digest">The blob.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<bool> TryRunAsync(StoredSnapshot snapshot, Digest digest, CancellationToken cancellationToken)
    {
        var file = snapshot.Manifest.Files.First(file => file.Digest == digest);
        if (store.HasBlob(digest, file.SizeBytes))
            return true;
        using var staging = await store.NewStagingAreaAsync(cancellationToken).ConfigureAwait(false);
        await store.ReserveAsync(staging, file.SizeBytes, cancellationToken).ConfigureAwait(false);
        var staged = staging.NewPath();
        store.Materializer.Materialize(Path.Join(snapshot.Path, file.Path), staged, digest);
        var check = new FileCheck(store.ReadBytes, static (_, _) => ValueTask.CompletedTask);
        using var verdict = await check
            .RunAsync(staged, digest, blob: staged, progress: null, cancellationToken)
            .ConfigureAwait(false);
        if (verdict.Kind != VerdictKind.Sound)
            return false;
        if (verdict.MissingChecksums is { } checksums)
            BlockChecksumFile.TryWrite(staged, checksums);
        await store.LinkBlobAsync(staging, staged, file, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
