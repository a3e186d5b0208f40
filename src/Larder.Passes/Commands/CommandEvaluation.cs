namespace Larder.Passes.Commands;

/// <summary>The evaluation <c>command</c>: any program that reads a model and tells figures.</summary>
public sealed class CommandEvaluation : IEvaluation
{
    private readonly TimeProvider _timeProvider;
    private readonly VersionCommands _versions;

    /// <summary>Creates the evaluation on the system's clock.</summary>
    public CommandEvaluation()
        : this(TimeProvider.System) { }

    /// <summary>Creates the evaluation.</summary>
    /// <param name="timeProvider">The clock of time limits.</param>
    public CommandEvaluation(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _timeProvider = timeProvider;
        _versions = new VersionCommands(timeProvider);
    }

    /// <inheritdoc/>
    public string Name => "command";

    /// <inheritdoc/>
    public int Version => 1;

    /// <inheritdoc/>
    public string Summary => "Runs a program that reads the model from {input} and tells figures as a JSON object.";

    /// <inheritdoc/>
    public EvaluationPlan Plan(StepRequest step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var (options, config) = StepOptions.Read(
            step,
            CommandJson.Default.CommandEvaluationOptions,
            options =>
                CommandRules.FaultsIn(
                    options,
                    step,
                    Placeholders.Input,
                    Placeholders.Metrics,
                    Placeholders.Original,
                    Placeholders.Work
                )
        );
        var (command, facts) = CommandStep.Plan(step, options, config, _versions, _timeProvider);
        return new EvaluationPlan(facts, (run, cancellationToken) => RunAsync(command, run, cancellationToken))
        {
            NeedsInput = command.Places.Contains(Placeholders.Original, StringComparer.Ordinal),
        };
    }

    private static async Task<IReadOnlyDictionary<string, double>> RunAsync(
        CommandStep command,
        EvaluationRun run,
        CancellationToken cancellationToken
    )
    {
        var figures = Path.Combine(run.WorkPath, "metrics.json");
        var paths = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Placeholders.Input] = run.ModelPath,
            [Placeholders.Metrics] = figures,
        };
        if (run.InputPath is { } original)
            paths[Placeholders.Original] = original;
        var result = await command.RunAsync(run.WorkPath, paths, run.Log, cancellationToken).ConfigureAwait(false);
        return MetricsText.Read(figures, result.Standard is [.., var last] ? last : "");
    }
}
