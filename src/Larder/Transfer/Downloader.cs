using Larder.Origins;
using Larder.Store;

namespace Larder.Transfer;

/// <summary>Brings the files of a plan into a staging area: from the store where it has them, else from the origin.</summary>
/// <remarks>
/// Over a few connections, each with a file of its own as long as there are files, and then all on what is left of the others.
/// Bytes are hashed as they pass, written to files that were allocated at full length, and on the device when this returns.
/// </remarks>
internal sealed class Downloader(LocalStore store, StoreLayers layers, TransferContext context)
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
        using var transfer = new TransferRun(
            origin,
            reference,
            plan,
            context,
            new TransferTarget(store, layers, staging, room),
            new ProgressMeter(plan.Files.Count, plan.SizeBytes, progress, context.Time)
        );
        await new ConnectionPool(context.Settings, context.Time)
            .RunAsync(transfer.WorkAsync, () => transfer.BytesArrived, cancellationToken)
            .ConfigureAwait(false);
        return transfer.Result();
    }
}
