using System.Text;
using Larder.Content;
using Larder.Origins;
using Larder.Passes.Failures;
using Larder.Passes.Telemetry;
using Larder.Pull;
using Larder.Pull.Targets;
using Larder.Sharing;
using Larder.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Passes.Running;

/// <summary>Runs workflows, computing only what neither the local nor the shared store has.</summary>
/// <remarks>Safe for concurrent use. Several may work on one store, in any number of processes.</remarks>
public sealed class WorkflowRunner
{
    // A model that gets a new version each time that it is pulled is not one to make keys of.
    private const int MaxStarts = 3;

    private readonly PassSet _steps;
    private readonly RunServices _services;
    private readonly ILogger _logger;

    /// <summary>Creates a runner.</summary>
    /// <param name="cache">The local store; the caller disposes it afterwards.</param>
    /// <param name="steps">The passes and evaluations that workflows choose from.</param>
    /// <param name="shared">The team's store, which the caller disposes afterwards; null for none.</param>
    /// <param name="options">How they are run; the defaults when null.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="loggerFactory">Where warnings go; nowhere when null.</param>
    public WorkflowRunner(
        ModelCache cache,
        PassSet steps,
        SharedCache? shared = null,
        WorkflowRunnerOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null
    )
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(steps);
        options ??= new WorkflowRunnerOptions();
        options.Validate();
        var time = timeProvider ?? TimeProvider.System;
        _steps = steps;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<WorkflowRunner>();
        if (shared is { Options.Passes: false })
            shared = null;
        var failures = new FailureMemory(cache, options, time, _logger);
        _services = new RunServices(
            cache,
            shared is { Options.Read: true } ? shared : null,
            shared is { Options.Write: true } ? shared : null,
            new StepRunner(cache, shared, failures, time, _logger),
            failures,
            time
        );
    }

    /// <summary>Gets a workflow's final model and figures: from the stores as far as they have them, else by running what is missing.</summary>
    /// <returns>What was done, and the final model under a lease that the caller disposes.</returns>
    /// <exception cref="WorkflowException">The workflow makes no sense.</exception>
    /// <exception cref="PassException">A pass or an evaluation failed, now or a while ago.</exception>
    /// <exception cref="OriginException">The origin of the input does not have it, or does not answer.</exception>
    /// <exception cref="LayOutException">The final model could not be laid out where the workflow wants it.</exception>
    /// <exception cref="NoRoomException">The store has no room for a result.</exception>
    /// <exception cref="StoreException">The local store cannot be used.</exception>
    public async Task<WorkflowResult> RunAsync(
        Workflow workflow,
        RunOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(workflow);
        options ??= new RunOptions();
        var started = _services.Time.GetTimestamp();
        Action<WorkflowProgress> report = options.Progress is { } progress ? progress.Report : static _ => { };
        var plan = WorkflowPlan.Of(workflow, _steps, cancellationToken);
        // Before hours of work, and not after them.
        if (workflow.Output is { } output)
            new TargetDirectory(output).ThrowIfUnusable();

        var warnings = new RunWarnings(_logger);
        var publications = _services.Writable is { } shared ? new Publications(_services.Cache, shared, report) : null;
        try
        {
            var result = await RunAsync(plan, options, publications, warnings, report, started, cancellationToken)
                .ConfigureAwait(false);
            PassMeter.Count(result);
            return result;
        }
        catch (PassException) when (publications is not null)
        {
            // What went well before is for the team all the same.
            await publications.CompleteAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
        finally
        {
            if (publications is not null)
                await publications.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Tells what a run would find, without running or fetching anything.</summary>
    /// <remarks>The origin may be asked which version the input has. On a miss all local entries of passes are read.</remarks>
    /// <exception cref="WorkflowException">The workflow makes no sense.</exception>
    /// <exception cref="OriginException">The origin of the input does not have it, or does not answer.</exception>
    /// <exception cref="StoreException">The local store cannot be used.</exception>
    public async Task<WorkflowExplanation> ExplainAsync(
        Workflow workflow,
        RunOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(workflow);
        options ??= new RunOptions();
        var plan = WorkflowPlan.Of(workflow, _steps, cancellationToken);
        var warnings = new RunWarnings(_logger);
        var identity = await ResolveAsync(workflow, options, cancellationToken).ConfigureAwait(false);
        using var run = Begin(plan, options, identity, publications: null, warnings, static _ => { });
        var explanations = await run.ExplainAsync(cancellationToken).ConfigureAwait(false);
        return new WorkflowExplanation
        {
            Input = run.Input.Reference,
            InputIdentity = Encoding.UTF8.GetString(CanonicalJson.Serialize(identity.Request)),
            Passes = [.. run.Chain.Passes.Select(pass => explanations[pass])],
            Evaluations = [.. run.Chain.Evaluations.Select(evaluation => explanations[evaluation])],
            Warnings = warnings.All,
        };
    }

    private async Task<WorkflowResult> RunAsync(
        WorkflowPlan plan,
        RunOptions options,
        Publications? publications,
        RunWarnings warnings,
        Action<WorkflowProgress> report,
        long started,
        CancellationToken cancellationToken
    )
    {
        var identity = await ResolveAsync(plan.Workflow, options, cancellationToken).ConfigureAwait(false);
        long bytesBefore = 0;
        for (var start = 1; ; start++)
        {
            using var run = Begin(plan, options, identity, publications, warnings, report);
            try
            {
                var output = await run.RunAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    if (publications is not null)
                        await publications.CompleteAsync(cancellationToken).ConfigureAwait(false);
                    return RunReport.Of(
                        run,
                        output,
                        bytesBefore,
                        _services.Time.GetElapsedTime(started),
                        warnings,
                        publications
                    );
                }
                catch
                {
                    output.Dispose();
                    throw;
                }
            }
            catch (InputMovedException moved)
            {
                if (start == MaxStarts)
                    throw new PassException(
                        PassFailure.Transient,
                        $"'{run.Input.Reference}' got a new version each of the {MaxStarts} times that it was pulled. Name a version of it that stays, or its digest."
                    );
                warnings.Add($"'{run.Input.Reference}' got a new version while it was pulled: its passes began again.");
                identity = moved.Identity;
                bytesBefore += run.BytesFetched;
            }
        }
    }

    private Task<ModelIdentity> ResolveAsync(
        Workflow workflow,
        RunOptions options,
        CancellationToken cancellationToken
    ) =>
        _services.Cache.ResolveAsync(
            workflow.Input.Reference,
            InputModel.OptionsOf(workflow.Input, options),
            cancellationToken
        );

    private WorkflowRun Begin(
        WorkflowPlan plan,
        RunOptions options,
        ModelIdentity identity,
        Publications? publications,
        RunWarnings warnings,
        Action<WorkflowProgress> report
    )
    {
        var input = plan.Workflow.Input;
        var model = new InputModel(_services.Cache, input, InputModel.OptionsOf(input, options), identity, report);
        return new WorkflowRun(_services, plan, model, options, publications, warnings, report);
    }
}
