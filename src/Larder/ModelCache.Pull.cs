using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Usage;
using Larder.Telemetry;

namespace Larder;

public sealed partial class ModelCache
{
    /// <summary>A pull that somebody follows.</summary>
    private async Task<Snapshot> PullWatchedAsync(
        ModelReference reference,
        PullOptions options,
        CancellationToken cancellationToken
    )
    {
        using var activity = LarderActivities.Start(LarderActivities.Pull);
        activity?.SetTag("larder.model.reference", reference.Text);
        try
        {
            var snapshot = await PullAtOnceAsync(reference, options, cancellationToken).ConfigureAwait(false);
            activity
                ?.SetTag("larder.pull.outcome", PullMeter.NameOf(snapshot.Outcome))
                .SetTag("larder.pull.bytes", snapshot.BytesFetched + snapshot.BytesFromShared)
                .SetTag("larder.model.version", snapshot.Digest.ToString());
            return snapshot;
        }
        catch (Exception failure)
        {
            activity.Fail(failure);
            throw;
        }
    }

    /// <summary>A hit without a detour, else whatever is needed.</summary>
    private Task<Snapshot> PullAtOnceAsync(
        ModelReference reference,
        PullOptions options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (_puller.TryHit(reference, options) is { } hit)
                return Task.FromResult(hit);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            CountFailure(failure);
            return Task.FromException<Snapshot>(StoreFailure.Translate(failure, _store));
        }
        return PullMissAsync(reference, options, cancellationToken);
    }

    private async Task<Snapshot> PullMissAsync(
        ModelReference reference,
        PullOptions options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await _puller.PullAsync(reference, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            CountFailure(failure);
            if (StoreFailure.Covers(failure))
                throw StoreFailure.Translate(failure, _store);
            throw;
        }
    }

    /// <summary>Counts a pull that failed; one that was cancelled is none.</summary>
    private void CountFailure(Exception failure)
    {
        if (failure is OperationCanceledException)
            return;
        PullMeter.CountFailure();
        _store.Usage.Append(new UsageRecord { Time = _timeProvider.GetUtcNow(), Failures = 1 });
    }
}
