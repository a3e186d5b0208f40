using Larder.Content;
using Larder.Derived;
using Larder.Passes.Commands;
using Larder.Passes.Failures;
using Larder.Passes.Telemetry;
using Larder.Pull;
using Larder.Sharing;
using Larder.Store;
using Larder.Telemetry;
using Microsoft.Extensions.Logging;

namespace Larder.Passes.Running;

/// <summary>Runs passes and evaluations, each once however many want it: in this process, on this machine, in the team.</summary>
/// <remarks>
/// Order: the flight of this process, then the lock of this machine, then the lease of the team. None of them carries correctness:
/// who computes what another has computed finds that one's answer when he commits, or publishes.
/// </remarks>
internal sealed class StepRunner(
    ModelCache cache,
    SharedCache? shared,
    FailureMemory failures,
    TimeProvider timeProvider,
    ILogger logger
)
{
    // More than a program is given to end politely, and less than the command waits for all of it: what would be left behind is a
    // lease that the team waits for, programs that nobody ends, and files that only a sweep finds.
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(25);

    // Each turn somebody removed what the one before had made. More than a few in a row is no accident.
    private const int MaxTurns = 3;

    private readonly SingleFlight<Digest, StepAnswer> _flights = new(EndPatience);

    /// <summary>Runs a step, or waits for who runs it.</summary>
    /// <exception cref="PassException">It failed; that is remembered for a while.</exception>
    public async Task<StepAnswer> RunAsync(StepJob job, CancellationToken cancellationToken)
    {
        while (true)
        {
            var claim = new JobClaim(job);
            try
            {
                return await _flights
                    .RunAsync(
                        job.State.Key.Digest,
                        flightToken =>
                            claim.TryTake()
                                ? RunClaimedAsync(claim, flightToken)
                                : Task.FromException<StepAnswer>(new FlightAbandonedException()),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
            }
            catch (FlightAbandonedException) when (!cancellationToken.IsCancellationRequested)
            {
                // He whose flight this was left before it began.
            }
            finally
            {
                if (claim.TryTake())
                    claim.Dispose();
            }
        }
    }

    private async Task<StepAnswer> RunClaimedAsync(JobClaim claim, CancellationToken cancellationToken)
    {
        using var _ = claim;
        return await RunAloneAsync(claim.Job, cancellationToken).ConfigureAwait(false);
    }

    private async Task<StepAnswer> RunAloneAsync(StepJob job, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var flight = await cache.AcquireRunAsync(job.State.Key, cancellationToken).ConfigureAwait(false);
            // Another process may have done it since this one asked, or while it waited.
            if (await FindWholeAsync(job, cancellationToken).ConfigureAwait(false) is { } found)
                return found;
            foreach (var key in job.Keys)
                failures.ThrowIfRemembered(job.Step, key, job.FailuresSince);
            // The one that was waited for gave neither an answer nor a failure: it was cancelled, or died.
            if (flight is not null)
                return await RunForTeamAsync(job, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<StepAnswer?> FindWholeAsync(StepJob job, CancellationToken cancellationToken)
    {
        foreach (var key in job.Keys)
        {
            using var files = await cache.TryOpenAsync(key, cancellationToken).ConfigureAwait(false);
            if (files is not null && cache.FindDerived(key) is { } model && model.Digest == files.Manifest.Digest)
                return StepAnswer.Of(model, key, byContent: !key.Equals(job.State.Key));
        }
        return null;
    }

    private async Task<StepAnswer> RunForTeamAsync(StepJob job, CancellationToken cancellationToken)
    {
        if (shared is null)
            return await ComputeAsync(job, cancellationToken).ConfigureAwait(false);
        job.Report(new WorkflowProgress(WorkflowStage.Waiting, job.Step.Name));
        SharedLease? lease = await shared.AcquireLeaseAsync(job.State.Key, cancellationToken).ConfigureAwait(false);
        try
        {
            if (
                lease is { MustLookAgain: true }
                && await FindSharedAsync(job, cancellationToken).ConfigureAwait(false) is { } found
            )
                return found;
            var answer = await ComputeAsync(job, cancellationToken).ConfigureAwait(false);
            // Others wait until it is published, and not only until it is computed.
            if (job.TryPublish?.Invoke(answer, lease) == true)
                lease = null;
            return answer;
        }
        finally
        {
            if (lease is not null)
                await lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<StepAnswer?> FindSharedAsync(StepJob job, CancellationToken cancellationToken)
    {
        if (!shared!.Options.Read)
            return null;
        var entries = await shared.FindAsync(job.Keys, cancellationToken).ConfigureAwait(false);
        return entries.OfType<SharedEntry>().FirstOrDefault(entry => !job.State.IsBroken(entry)) is { } entry
            ? StepAnswer.Of(entry, byContent: !entry.Key.Equals(job.State.Key))
            : null;
    }

    private async Task<StepAnswer> ComputeAsync(StepJob job, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < MaxTurns; turn++)
        {
            if (await TryComputeAsync(job, cancellationToken).ConfigureAwait(false) is { } answer)
                return answer;
        }
        throw new PassException(
            PassFailure.Transient,
            $"{job.Step}: Its result was removed from the store as soon as it was there, {MaxTurns} times. Give the store more room (store.capacity), or clear it at another time."
        );
    }

    /// <summary>Runs the step; null when somebody removed its result before it could be held.</summary>
    private async Task<StepAnswer?> TryComputeAsync(StepJob job, CancellationToken cancellationToken)
    {
        job.Report(new WorkflowProgress(WorkflowStage.Running, job.Step.Name));
        using var writer = await WriteAsync(job, cancellationToken).ConfigureAwait(false);
        var work = Directory.CreateDirectory(Path.Join(writer.Staging.Path, "work")).FullName;
        using var activity = LarderActivities.Start(LarderActivities.Pass);
        activity?.SetTag("larder.pass.name", job.Step.Name).SetTag("larder.pass.type", job.Step.Type);
        var started = timeProvider.GetTimestamp();
        try
        {
            await RunCheckedAsync(job, writer.Path, work, cancellationToken).ConfigureAwait(false);
            var source = job.Source with { Duration = timeProvider.GetElapsedTime(started) };
            await writer.CommitAsync(source, cancellationToken).ConfigureAwait(false);
            if (cache.FindDerived(job.State.Key) is not { } made)
                return null;
            if (!job.ContentKey.Equals(job.State.Key))
                await SecondAnswer
                    .NoteAsync(cache, job.ContentKey, made.Digest, source, logger.RunWarned, cancellationToken)
                    .ConfigureAwait(false);
            failures.Forget(job.Keys);
            PassMeter.Computed(job.Step.Type, source.Duration);
            logger.Ran(job.Step.ToString(), source.Duration.TotalSeconds, made.Digest);
            return StepAnswer.Of(made, job.State.Key, byContent: false) with { ComputedBy = job.Run };
        }
        catch (Exception failure) when (IsOfStep(failure, cancellationToken))
        {
            var known = FailureKind.Translate(failure);
            PassMeter.Failed(job.Step.Type);
            activity.Fail(known);
            await failures.NoteAsync(job.Keys, known.Failure, known.Message).ConfigureAwait(false);
            throw new PassException(known.Failure, $"{job.Step}: {known.Message}", known.InnerException)
            {
                Output = known.Output,
            };
        }
        finally
        {
            FileModes.AllowRemoval(writer.Staging.Path);
        }
    }

    // As much room as its model takes is a guess: one that does not fit says nothing yet.
    private async Task<DerivedWriter> WriteAsync(StepJob job, CancellationToken cancellationToken)
    {
        try
        {
            var guess = job.State.IsEvaluation ? 0 : job.Model.Manifest.SizeBytes;
            return await cache.WriteAsync(job.State.Key, guess, cancellationToken).ConfigureAwait(false);
        }
        catch (NoRoomException)
        {
            return await cache.WriteAsync(job.State.Key, 0, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task RunCheckedAsync(
        StepJob job,
        string output,
        string work,
        CancellationToken cancellationToken
    )
    {
        var guards = new[] { job.Model, job.Input }.OfType<HeldFiles>().Select(files => new InputGuard(files)).ToList();
        string? change = null;
        try
        {
            // Off this thread, which has the flight's other work to do: nothing is known of how a pass does its own.
            await Task.Run(
                    () =>
                        job.State.Work(
                            job.Model,
                            job.Input,
                            output,
                            work,
                            line =>
                                job.Report(new WorkflowProgress(WorkflowStage.Running, job.Step.Name) { Line = line }),
                            cancellationToken
                        ),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        finally
        {
            // Also when it failed: the next that reads this model must not find what it left there.
            foreach (var guard in guards)
                change ??= guard.FindChange();
        }
        if (change is not null)
            throw new PassException(
                PassFailure.Permanent,
                $"{change} A step reads its model, and writes to its output directory alone. The store gets the model again."
            );
        if (job.Step.Files.FirstChanged(cancellationToken) is { } name)
            throw new PassException(
                PassFailure.Transient,
                $"'{name}', which its options name, was changed while it ran, so that nobody knows which it used. Run again."
            );
        StepOutput.Settle(output);
    }

    // What the store has to say about itself is said by it, and says nothing of the step.
    private static bool IsOfStep(Exception failure, CancellationToken cancellationToken) =>
        // Cancelled, whatever it says: a pass that was stopped in the middle may call that by any name.
        !cancellationToken.IsCancellationRequested && failure is not (StoreException or NoRoomException);
}
