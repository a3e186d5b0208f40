using System.Collections.Concurrent;
using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Larder.Store.Scrub;

namespace Larder.Transfer;

/// <summary>Brings the files of a plan into a staging area: from the store where it has them, else from the origin.</summary>
/// <remarks>
/// One connection for each file, several files at once. Bytes are hashed as they pass, written to a file that was allocated
/// at full length, and on the device when this returns.
/// </remarks>
internal sealed class Downloader(
    LocalStore store,
    StoreLayers layers,
    int concurrency,
    TimeSpan idleTimeout,
    TimeProvider timeProvider
)
{
    public async Task<TransferResult> RunAsync(
        IOrigin origin,
        ModelReference reference,
        TransferPlan plan,
        StagingArea staging,
        StagingRoom room,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var meter = new ProgressMeter(plan.Files.Count, plan.SizeBytes, progress, timeProvider);
        var files = new ManifestFile[plan.Files.Count];
        var staged = new ConcurrentDictionary<Digest, string>();
        var filesFetched = 0;
        long bytesFetched = 0;

        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, files.Length),
                new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
                async (index, token) =>
                {
                    var planned = plan.Files[index];
                    if (
                        planned.Known is { } known
                        && await TryReuseAsync(known, staging, room, staged, token).ConfigureAwait(false)
                    )
                    {
                        files[index] = known;
                        meter.Add(known.SizeBytes);
                    }
                    else
                    {
                        files[index] = await FetchAsync(
                                origin,
                                reference,
                                planned.File,
                                staging,
                                room,
                                staged,
                                meter,
                                token
                            )
                            .ConfigureAwait(false);
                        Interlocked.Increment(ref filesFetched);
                        Interlocked.Add(ref bytesFetched, files[index].SizeBytes);
                    }
                    meter.FileDone();
                }
            )
            .ConfigureAwait(false);
        return new TransferResult(Manifest.Create(files), staged, filesFetched, bytesFetched);
    }

    private async ValueTask<bool> TryReuseAsync(
        ManifestFile known,
        StagingArea staging,
        StagingRoom room,
        ConcurrentDictionary<Digest, string> staged,
        CancellationToken cancellationToken
    )
    {
        if (staged.ContainsKey(known.Digest))
            return true;
        if (!store.TryStage(staging, known.Digest, known.SizeBytes, out var path))
        {
            if (layers.Lower is null)
                return false;
            await room.ClaimAsync(known.SizeBytes, cancellationToken).ConfigureAwait(false);
            if (!layers.TryCopyFromLower(known, path))
            {
                room.GiveBack(known.SizeBytes);
                return false;
            }
        }
        staged.TryAdd(known.Digest, path);
        return true;
    }

    private async Task<ManifestFile> FetchAsync(
        IOrigin origin,
        ModelReference reference,
        OriginFile file,
        StagingArea staging,
        StagingRoom room,
        ConcurrentDictionary<Digest, string> staged,
        ProgressMeter meter,
        CancellationToken cancellationToken
    )
    {
        await room.ClaimAsync(file.SizeBytes ?? 0, cancellationToken).ConfigureAwait(false);
        var path = staging.NewPath();
        using var target = StagingArea.CreateFile(path, file.SizeBytes ?? 0);
        var (sizeBytes, digest, checksums) = await new FileFetch(origin, reference, file, room, idleTimeout, meter)
            .RunAsync(target, cancellationToken)
            .ConfigureAwait(false);
        if (file.Digest is { } promised && promised != digest)
            throw new IntegrityException(
                file.Path,
                promised.ToString(),
                digest.ToString(),
                $"'{file.Path}' of '{reference}' is not what its origin promised: expected SHA-256 {promised}, got {digest}. It was thrown away; pull again, and if it happens again tell the owner of the model."
            );
        Durability.Seal(target, path);
        if (BlockChecksums.IsFor(sizeBytes))
            BlockChecksumFile.TryWrite(path, checksums);
        staged.TryAdd(digest, path);
        return new ManifestFile(file.Path, sizeBytes, digest);
    }
}
