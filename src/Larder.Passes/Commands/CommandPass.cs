using System.Globalization;
using Larder.Content;
using Larder.Passes.Running;
using Larder.Pull;

namespace Larder.Passes.Commands;

/// <summary>The pass <c>command</c>: any program that reads a model from one directory and writes another to a second.</summary>
public sealed class CommandPass : IPass
{
    private readonly TimeProvider _timeProvider;
    private readonly VersionCommands _versions;

    /// <summary>Creates the pass on the system's clock.</summary>
    public CommandPass()
        : this(TimeProvider.System) { }

    /// <summary>Creates the pass.</summary>
    /// <param name="timeProvider">The clock of time limits.</param>
    public CommandPass(TimeProvider timeProvider)
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
    public string Summary => "Runs a program that reads the model from {input} and writes the new one to {output}.";

    /// <inheritdoc/>
    public PassPlan Plan(StepRequest step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var (options, config) = StepOptions.Read(
            step,
            CommandJson.Default.CommandPassOptions,
            options =>
                [
                    .. CommandRules.FaultsIn(options, step, Placeholders.Input, Placeholders.Output, Placeholders.Work),
                    .. FaultsInOutputs(options),
                ]
        );
        var (command, facts) = CommandStep.Plan(step, options, config, _versions, _timeProvider);
        return new PassPlan(
            facts,
            async (run, cancellationToken) =>
            {
                var paths = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [Placeholders.Input] = run.InputPath,
                    [Placeholders.Output] = run.OutputPath,
                };
                await command.RunAsync(run.WorkPath, paths, run.Log, cancellationToken).ConfigureAwait(false);
                ResultFiles.Check(StepOutput.Settle(run.OutputPath), options.Outputs);
            }
        );
    }

    private static IEnumerable<(string Name, string Message)> FaultsInOutputs(CommandPassOptions options)
    {
        for (var i = 0; i < options.Outputs.Count; i++)
        {
            if (options.Outputs[i] is not { } pattern)
                yield return (At(i), "It is null; a text is expected.");
            else if (Glob.FaultIn(pattern) is { } fault)
                yield return (At(i), $"{Printable.Quote(pattern)} is no pattern for files: it {fault}.");
        }

        static string At(int index) => string.Create(CultureInfo.InvariantCulture, $"outputs[{index}]");
    }
}
