using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Larder.Telemetry;

namespace Larder.Transfer;

/// <summary>Brings the files of a plan into a staging area: from the store where it has them, else from the origin.</summary>
/// <remarks>
/// Over a few connections, each with a file of its own as long as there are files, and then all on what is left of the others.
/// Bytes are hashed as they pass, written to files that were allocated at full length, and on the device when this returns.
/// </remarks>
internal sealed class Downloader(LocalStore store, StoreLayers layers, TransferContext context)
{
    /// <summary>A listing is asked for no more often again than this: nobody has anything of the model yet.</summary>
    private const int MostListingRetries = 3;

    /// <summary>Lists what a reference names, and asks again while its origin does not answer.</summary>
    /// <exception cref="OriginException">There is nothing of that name, or the origin does not answer.</exception>
    public async Task<OriginListing> ListAsync(
        IOrigin origin,
        ModelReference reference,
        CancellationToken cancellationToken
    )
    {
        using var activity = LarderActivities.Start(LarderActivities.List)?.SetTag("larder.origin", reference.Scheme);
        var retries = new RetryBudget(Math.Min(MostListingRetries, context.Settings.Retries), context.Time);
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await origin.ListAsync(reference, cancellationToken).ConfigureAwait(false);
            }
            catch (OriginException failure)
            {
                if (await retries.TryWaitAsync(failure, failures, cancellationToken).ConfigureAwait(false))
                    continue;
                activity.Fail(failure);
                throw;
            }
        }
    }

    /// <summary>Brings the files.</summary>
    /// <exception cref="OriginException">Something could not be had.</exception>
    /// <exception cref="IntegrityException">Something is not what it was said to be.</exception>
    public async Task<TransferResult> RunAsync(
        IOrigin origin,
        ModelReference reference,
        TransferPlan plan,
        StagingArea staging,
        StagingRoom room,
        IReadOnlyDictionary<Digest, string> staged,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        using var meter = new ProgressMeter(plan.Files.Count, plan.SizeBytes, progress, context.Time);
        using var transfer = new TransferRun(
            origin,
            reference,
            plan,
            context,
            new TransferTarget(store, layers, staging, room, staged),
            meter
        );
        using var activity = LarderActivities
            .Start(LarderActivities.Transfer)
            ?.SetTag("larder.origin", reference.Scheme);
        TransferMeter.Begin();
        try
        {
            await new ConnectionPool(context.Settings, context.Time)
                .RunAsync(transfer.WorkAsync, () => transfer.BytesArrived, cancellationToken)
                .ConfigureAwait(false);
            var result = transfer.Result();
            activity
                ?.SetTag("larder.transfer.files", result.FilesFetched)
                .SetTag("larder.transfer.bytes", result.BytesFetched);
            return result;
        }
        catch (Exception failure)
        {
            activity.Fail(failure);
            throw;
        }
        finally
        {
            TransferMeter.End();
        }
    }
}
