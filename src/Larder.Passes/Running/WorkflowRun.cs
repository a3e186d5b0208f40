using Larder.Content;
using Larder.Derived;
using Larder.Pull.Targets;

namespace Larder.Passes.Running;

/// <summary>One run of a workflow on one version of its input.</summary>
/// <remarks>
/// It begins at its end: what is wanted is the last pass's files and the evaluations' figures. Only when the stores have no answer
/// to a step is the one before it looked at, so that a run resumes after the last hit, and what lies before that is neither
/// fetched nor computed. An answer whose files turn out to be missing or wrong is dropped, and the next one tried.
/// </remarks>
internal sealed class WorkflowRun : IDisposable
{
    // A result that is removed as soon as it is there is made again, but not for ever.
    private const int MaxTurns = 5;

    private readonly RunServices _services;
    private readonly WorkflowPlan _plan;
    private readonly RunOptions _options;
    private readonly Publications? _publications;
    private readonly RunWarnings _warnings;
    private readonly Action<WorkflowProgress> _report;
    private readonly DateTimeOffset _started;
    private readonly Lookup _lookup;

    public WorkflowRun(
        RunServices services,
        WorkflowPlan plan,
        InputModel input,
        RunOptions options,
        Publications? publications,
        RunWarnings warnings,
        Action<WorkflowProgress> report
    )
    {
        _services = services;
        _plan = plan;
        _options = options;
        _publications = publications;
        _warnings = warnings;
        _report = report;
        _started = services.Time.GetUtcNow();
        Input = input;
        Chain = Chain.Of(plan, input.Identity);
        _lookup = new Lookup(services.Cache, services.Readable, Chain);
    }

    public InputModel Input { get; }

    public Chain Chain { get; }

    /// <summary>Where the answers were when the run began; null unless that was asked for.</summary>
    public IReadOnlyDictionary<StepState, StepExplanation>? Explanations { get; private set; }

    /// <summary>Gets the final model and all figures.</summary>
    /// <returns>The final model, under a lease of its own.</returns>
    /// <exception cref="InputMovedException">The input is another version by now.</exception>
    public async Task<WorkflowOutput> RunAsync(CancellationToken cancellationToken)
    {
        _report(new WorkflowProgress(WorkflowStage.LookingUp));
        // Who publishes tells the team what it lacks, also of what he has already.
        _lookup.Begin(askShared: _publications is not null, cancellationToken);
        if (_options.Explain || !_lookup.HasAllLocally)
            await _lookup.EnsureSharedAsync(cancellationToken).ConfigureAwait(false);
        if (_options.Explain)
            Explanations = await new Explainer(_services, Chain, Input, _lookup)
                .ExplainAsync(cancellationToken)
                .ConfigureAwait(false);

        // What is there comes at once; what must be computed comes one after the other.
        List<StepState> wanted = Chain.Last is { } last ? [last, .. Chain.Evaluations] : [.. Chain.Evaluations];
        await Task.WhenAll(wanted.Select(step => HoldWhatIsThereAsync(step, cancellationToken))).ConfigureAwait(false);
        var files = await HoldAsync(Chain.Last, cancellationToken).ConfigureAwait(false);
        foreach (var evaluation in Chain.Evaluations)
            await HoldAsync(evaluation, cancellationToken).ConfigureAwait(false);

        var laidOut = await LayOutAsync(files, cancellationToken).ConfigureAwait(false);
        if (_publications is not null)
            await PublishWhatIsMissedAsync(_publications, cancellationToken).ConfigureAwait(false);
        return new WorkflowOutput(files.Retain()) { LaidOut = laidOut };
    }

    /// <summary>Tells for each step where its answer is.</summary>
    public async Task<IReadOnlyDictionary<StepState, StepExplanation>> ExplainAsync(CancellationToken cancellationToken)
    {
        _lookup.Begin(askShared: true, cancellationToken);
        await _lookup.EnsureSharedAsync(cancellationToken).ConfigureAwait(false);
        return await new Explainer(_services, Chain, Input, _lookup)
            .ExplainAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Bytes of files that came over the network.</summary>
    public long BytesFetched => Input.BytesFetched + Chain.Steps.Sum(step => step.BytesFetched);

    public void Dispose()
    {
        foreach (var step in Chain.Steps)
            step.Files?.Dispose();
        Input.Dispose();
    }

    /// <summary>The files of a step, or of the workflow's input where it is null; held until this is disposed.</summary>
    private async Task<HeldFiles> HoldAsync(StepState? step, CancellationToken cancellationToken)
    {
        if (step is null)
            return await Input.HoldAsync(cancellationToken).ConfigureAwait(false);
        for (var turn = 1; turn <= MaxTurns; turn++)
        {
            if (step.Files is { } files)
                return files;
            await AnswerAsync(step, cancellationToken).ConfigureAwait(false);
            await HoldWhatIsThereAsync(step, cancellationToken).ConfigureAwait(false);
        }
        return step.Files
            ?? throw new PassException(
                PassFailure.Environment,
                $"{step.Step}: its result was gone as soon as it was there, {MaxTurns} times. Give the store more room (store.capacity)."
            );
    }

    /// <summary>Opens or fetches the first answer that is whole, if there is one.</summary>
    private async Task HoldWhatIsThereAsync(StepState step, CancellationToken cancellationToken)
    {
        while (step.Files is null && step.Answer is { } answer)
        {
            var started = _services.Time.GetTimestamp();
            step.Files = answer.Shared is null
                ? await OpenAsync(step, answer, cancellationToken).ConfigureAwait(false)
                : await FetchAsync(step, answer, cancellationToken).ConfigureAwait(false);
            step.Spent += _services.Time.GetElapsedTime(started);
            if (step is { IsEvaluation: true, Files: { } files } && !TryReadMetrics(step, files))
            {
                // Whole, and yet no figures: it would stand in the place of some.
                step.Files = null;
                files.Dispose();
                await _services.Cache.RemoveAsync(answer.Key, cancellationToken).ConfigureAwait(false);
            }
            if (step.Files is null)
                Drop(step, answer);
        }
    }

    private static bool TryReadMetrics(StepState evaluation, HeldFiles files) =>
        (evaluation.Metrics = MetricsFile.TryRead(files.Path)) is not null;

    private void Drop(StepState step, StepAnswer answer)
    {
        step.Drop(answer);
        var place = answer.Shared is null
            ? $"the store '{_services.Cache.StorePath}'"
            : $"the shared store '{_services.Readable!.Store.Location}'";
        _warnings.Add(
            $"{step.Step}: the result {answer.Manifest} of {place} has files that are missing or damaged, so that it was left aside."
        );
    }

    private async Task<HeldFiles?> OpenAsync(StepState step, StepAnswer answer, CancellationToken cancellationToken)
    {
        if (await _services.Cache.TryOpenAsync(answer.Key, cancellationToken).ConfigureAwait(false) is not { } files)
            return null;
        await AnswerChainAsync(step, answer, files, cancellationToken).ConfigureAwait(false);
        return new HeldFiles(files.Path, files.Manifest, files);
    }

    private async Task<HeldFiles?> FetchAsync(StepState step, StepAnswer answer, CancellationToken cancellationToken)
    {
        var (shared, entry) = (_services.Readable!, answer.Shared!);
        _report(new WorkflowProgress(WorkflowStage.Fetching, step.Step.Name));
        if (await shared.ReadManifestAsync(entry, cancellationToken).ConfigureAwait(false) is not { } manifest)
            return null;
        var source = SourceOf(answer.Duration, entry.Entry.Source.DerivedFrom ?? manifest.Digest);
        var progress = new TransferReport(_report, step.Step.Name);
        var fetched = await _services
            .Cache.FetchAsync(shared, entry, manifest, source, progress, cancellationToken)
            .ConfigureAwait(false);
        if (fetched is null)
            return null;
        step.BytesFetched += fetched.BytesFetched;
        await AnswerChainAsync(step, answer, fetched.Files, cancellationToken).ConfigureAwait(false);
        return new HeldFiles(fetched.Files.Path, fetched.Files.Manifest, fetched.Files);
    }

    /// <summary>What was found by content answers the key in the chain, too: the next run need not know any bytes.</summary>
    private async Task AnswerChainAsync(
        StepState step,
        StepAnswer answer,
        DerivedFiles files,
        CancellationToken cancellationToken
    )
    {
        if (!answer.ByContent)
            return;
        try
        {
            var source = SourceOf(answer.Duration, files.Manifest.Digest);
            await SecondAnswer
                .NoteAsync(_services.Cache, step.Key, files.Manifest.Digest, source, _warnings.Add, cancellationToken)
                .ConfigureAwait(false);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>An answer of a step, whose files need not be here: one that is there, else a computed one.</summary>
    private async Task<StepAnswer> AnswerAsync(StepState step, CancellationToken cancellationToken)
    {
        if (step.Answer is { } first)
            return first;
        await _lookup.EnsureSharedAsync(cancellationToken).ConfigureAwait(false);
        if (step.Answer is { } shared)
            return shared;
        ThrowIfRemembered(step, step.Key);
        if (await KnowModelAsync(step, cancellationToken).ConfigureAwait(false) is { } known)
        {
            await _lookup.AskByContentAsync(step, known, cancellationToken).ConfigureAwait(false);
            if (step.Answer is { } same)
                return same;
            ThrowIfRemembered(step, step.ContentKey!);
        }

        var model = await HoldAsync(step.Input, cancellationToken).ConfigureAwait(false);
        var input = step.NeedsInput ? await Input.HoldAsync(cancellationToken).ConfigureAwait(false) : null;
        // Nobody knew its bytes until now, or they are others than were thought.
        await _lookup.AskByContentAsync(step, model.Manifest.Digest, cancellationToken).ConfigureAwait(false);
        if (step.Answer is { } late)
            return late;
        ThrowIfRemembered(step, step.ContentKey!);
        return await ComputeAsync(step, model, input, cancellationToken).ConfigureAwait(false);
    }

    private async Task<StepAnswer> ComputeAsync(
        StepState step,
        HeldFiles model,
        HeldFiles? input,
        CancellationToken cancellationToken
    )
    {
        var started = _services.Time.GetTimestamp();
        var job = new StepJob
        {
            State = step,
            ContentKey = step.ContentKey!,
            Model = model,
            Input = input,
            Source = SourceOf(TimeSpan.Zero, model.Manifest.Digest),
            FailuresSince = FailuresSince,
            Run = this,
            TryPublish = _publications is null
                ? null
                : (answer, lease) => _publications.TryStart(step.Step, answer, KeysOf(step), lease),
            Report = _report,
        };
        var answer = await _services.Steps.RunAsync(job, cancellationToken).ConfigureAwait(false);
        step.Spent += _services.Time.GetElapsedTime(started);
        step.Set(answer);
        return answer;
    }

    /// <summary>The bytes that a step reads, if they are known without pulling the workflow's input for it.</summary>
    private async Task<Digest?> KnowModelAsync(StepState step, CancellationToken cancellationToken) =>
        step.Input is { } input
            ? (await AnswerAsync(input, cancellationToken).ConfigureAwait(false)).Manifest
            : Input.Manifest;

    private DateTimeOffset? FailuresSince => _options.Retry ? _started : null;

    private void ThrowIfRemembered(StepState step, EntryKey key) =>
        _services.Failures.ThrowIfRemembered(step.Step, key, FailuresSince);

    // To clear the model is to clear what was made from it.
    private DerivedSource SourceOf(TimeSpan duration, Digest otherwise) =>
        new(Input.Reference, Input.Manifest ?? otherwise, duration);

    private static IReadOnlyList<EntryKey> KeysOf(StepState step) =>
        step.ContentKey is { } content && !content.Equals(step.Key) ? [step.Key, content] : [step.Key];

    private async Task<LayOutResult?> LayOutAsync(HeldFiles files, CancellationToken cancellationToken)
    {
        if (_plan.Workflow.Output is not { } output)
            return null;
        // What lies there already may be better.
        if (Chain.Evaluations.Any(evaluation => evaluation.MissedBy(evaluation.Metrics!).Count > 0))
        {
            _warnings.Add(
                $"The model was not laid out in '{output}', because its figures miss limits of the workflow."
            );
            return null;
        }
        _report(new WorkflowProgress(WorkflowStage.LayingOut));
        return await new TargetDirectory(output)
            .LayOutAsync(files.ToSnapshot(_plan.Workflow.Input.Reference), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Publishes what the local store has and the shared one lacks: a machine that worked while that was down gives it now.</summary>
    private async Task PublishWhatIsMissedAsync(Publications publications, CancellationToken cancellationToken)
    {
        await _lookup.EnsureSharedAsync(cancellationToken).ConfigureAwait(false);
        foreach (var step in Chain.Steps.Where(step => step.IsMissedInShared))
        {
            // A key that answers by content alone is one of somebody else's chain.
            if (step.Answer is { Shared: null } answer && answer.ComputedBy != this)
                if (!answer.ByContent || step.Files is not null)
                    publications.TryStart(step.Step, answer, KeysOf(step), lease: null);
        }
    }
}
