using Larder.Origins;
using Larder.Sharing;

namespace Larder.Pull;

/// <summary>One flight with a team's store: it is asked first, then the origin, and what that told the team learns.</summary>
internal sealed class TeamPull(PullWork work, SharedModels? shared, ModelLister lister)
{
    /// <summary>Does whatever a pull needs that this machine cannot answer.</summary>
    public async Task<PullReport> RunAsync(PullJob job, CancellationToken cancellationToken)
    {
        var turn = await work.BeginAsync(job, cancellationToken).ConfigureAwait(false);
        return shared is not null && SharedModels.IsFor(job)
            ? await RunSharedAsync(shared, turn, cancellationToken).ConfigureAwait(false)
            : (await work.RunAsync(turn, found: null, cancellationToken).ConfigureAwait(false)).Report;
    }

    private async Task<PullReport> RunSharedAsync(
        SharedModels models,
        PullTurn turn,
        CancellationToken cancellationToken
    )
    {
        var job = turn.Job;
        var found = await models.TryFindAsync(job, cancellationToken).ConfigureAwait(false);
        if (await TryTakeAsync(models, turn, found, cancellationToken).ConfigureAwait(false) is { } taken)
            return taken;
        // To ask whether what is here is still the newest takes no time: for that nobody waits for anybody.
        var lease = turn.IsWhole ? null : await models.LeaseAsync(job, found, cancellationToken).ConfigureAwait(false);
        try
        {
            if (lease?.MustLookAgain == true)
            {
                found = await models.TryFindAsync(job, cancellationToken).ConfigureAwait(false);
                if (await TryTakeAsync(models, turn, found, cancellationToken).ConfigureAwait(false) is { } brought)
                    return brought;
            }
            var (report, entry) = await work.RunAsync(turn, found, cancellationToken).ConfigureAwait(false);
            models.Publish(job, entry, lease);
            lease = null;
            return report;
        }
        catch (OriginException down)
            when (down.Failure == OriginFailure.Unavailable
                && job.Options is { StaleIfError: true, Digest: null }
                && !turn.IsWhole
            )
        {
            // So that there is something to answer with: whether that may answer, each who shares the flight decides himself.
            if (await models.TryReadAsync(found, cancellationToken).ConfigureAwait(false) is { } old)
                await work.TryTakeAsync(turn, found!, old, cancellationToken).ConfigureAwait(false);
            throw;
        }
        finally
        {
            if (lease is not null)
                await lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes what the team has, if that answers the pull; null when the origin must be asked.</summary>
    private async Task<PullReport?> TryTakeAsync(
        SharedModels models,
        PullTurn turn,
        SharedEntry? found,
        CancellationToken cancellationToken
    )
    {
        if (found is null || !models.Answers(found, turn.Job.Options))
            return null;
        if (turn.IsWhole && turn.Previous!.Manifest.Digest == found.Manifest)
        {
            await lister.ConfirmAsync(turn.Job, turn.Previous, found.Entry, cancellationToken).ConfigureAwait(false);
            return turn.Revalidated();
        }
        if (await models.TryReadAsync(found, cancellationToken).ConfigureAwait(false) is not { } version)
            return null;
        var taken = await work.TryTakeAsync(turn, found, version, cancellationToken).ConfigureAwait(false);
        return taken?.Report;
    }
}
