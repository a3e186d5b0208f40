using Larder.Origins;
using Larder.Store;

namespace Larder.Transfer;

/// <summary>Brings the files of a plan into a staging area: from the store where it has them, else from the origin.</summary>
/// <remarks>
/// Over a few connections, each with a file of its own as long as there are files, and then all on what is left of the others.
/// Bytes are hashed as they pass, written to files that were allocated at full length, and on the device when this returns.
/// </remarks>
internal sealed class Downloader(
    LocalStore store,
    StoreLayers layers,
    TransferSettings settings,
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
        using var transfer = new TransferRun(
            origin,
            reference,
            plan,
            settings,
            new TransferTarget(store, layers, staging, room),
            new ProgressMeter(plan.Files.Count, plan.SizeBytes, progress, timeProvider),
            new RetryBudget(settings.Retries, timeProvider)
        );
        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, settings.Connections),
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = settings.Connections,
                    CancellationToken = cancellationToken,
                },
                async (_, token) => await transfer.WorkAsync(token).ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        return transfer.Result();
    }
}
