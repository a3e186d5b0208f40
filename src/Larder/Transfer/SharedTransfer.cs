using Larder.Content;
using Larder.Origins;
using Larder.Sharing;
using Larder.Store;
using Microsoft.Extensions.Logging;

namespace Larder.Transfer;

/// <summary>Brings files that a shared entry names into a staging area, of which blobs that the store has are none.</summary>
/// <remarks>
/// By the transfer that origins have: in parts, over several connections, hashed as they pass. What is wrong is never more than
/// a miss: the caller has another way to the files, or can do without them.
/// </remarks>
internal sealed class SharedTransfer(LocalStore store, StoreLayers layers, TransferContext context, ILogger logger)
{
    private static readonly Dictionary<Digest, string> NothingStaged = [];

    // Only in messages: what is fetched is named by an entry.
    private static readonly ModelReference Reference = ModelReference.Parse("shared://store/");

    /// <summary>Brings all files of a shared entry; null when the shared store did not give them.</summary>
    /// <exception cref="NoRoomException">They do not fit.</exception>
    public async Task<TransferResult?> TryRunAsync(
        SharedCache shared,
        SharedEntry entry,
        Manifest manifest,
        StagingArea staging,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        using var blobs = new SharedBlobs(shared, entry, manifest);
        var plan = TransferPlan.Create(Reference, blobs.Listing, previous: null);
        using var room = await StagingRoom.ReserveAsync(store, staging, plan, NothingStaged, cancellationToken).ConfigureAwait(false);
        return await TryRunAsync(shared, entry, blobs, plan, staging, room, progress, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Brings some of its files, which are then used by a transfer from the origin; null as before.</summary>
    /// <exception cref="NoRoomException">They do not fit.</exception>
    public async Task<TransferResult?> TryRunPartAsync(
        SharedCache shared,
        SharedEntry entry,
        Manifest part,
        StagingArea staging,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        using var blobs = new SharedBlobs(shared, entry, part);
        var plan = TransferPlan.Create(Reference, blobs.Listing, previous: null);
        using var room = await StagingRoom
            .ReserveFetchedAsync(store, staging, plan, cancellationToken)
            .ConfigureAwait(false);
        return await TryRunAsync(shared, entry, blobs, plan, staging, room, progress, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<TransferResult?> TryRunAsync(
        SharedCache shared,
        SharedEntry entry,
        SharedBlobs blobs,
        TransferPlan plan,
        StagingArea staging,
        StagingRoom room,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await new Downloader(store, layers, context)
                .RunAsync(blobs, Reference, plan, staging, room, NothingStaged, progress, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OriginException or IntegrityException)
        {
            logger.SharedNotFetched(entry.Key.ToString(), shared.Store.Location, failure.Message);
            // Bytes that are missing or wrong, and not a store that is busy: whoever makes them again replaces them.
            if (failure is IntegrityException wrong)
                shared.ReportWrong(
                    entry,
                    plan.Files.Where(file => file.File.Path == wrong.Path).Select(file => file.Known!.Digest)
                );
            else if (failure.InnerException is SharedStoreException { Failure: SharedFailure.Broken })
                shared.ReportWrong(entry, []);
            return null;
        }
    }
}
