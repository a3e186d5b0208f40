using System.Collections.Concurrent;

namespace Larder.Passes.Commands;

/// <summary>What commands print of the versions that they use, asked once by a process.</summary>
internal sealed class VersionCommands(TimeProvider timeProvider)
{
    private const int MaxLength = 4096;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, string> _answers = new(StringComparer.Ordinal);

    /// <summary>What a command prints.</summary>
    /// <exception cref="PassException">It fails, or prints nothing, or too much.</exception>
    public string Ask(CommandLaunch launch)
    {
        var key = string.Join(
            '\0',
            [launch.Directory, .. launch.Arguments, .. launch.Environment.Select(pair => $"\0{pair.Key}={pair.Value}")]
        );
        if (_answers.TryGetValue(key, out var known))
            return known;
        // A plan is made without waiting, as all but this one are; two that ask at once only ask twice.
        return _answers[key] = AskAsync(launch with { TimeLimit = TimeLimit }).GetAwaiter().GetResult();
    }

    private async Task<string> AskAsync(CommandLaunch launch)
    {
        var result = await CommandProcess.RunAsync(launch, timeProvider, CancellationToken.None).ConfigureAwait(false);
        CommandStep.ThrowIfFailed(launch.Arguments[0], result, transientExitCodes: []);
        // Not what it complains of, which may be another text each time.
        var text = string.Join('\n', result.Standard).Trim();
        return text.Length is > 0 and <= MaxLength
            ? text
            : throw new PassException(
                PassFailure.Environment,
                text.Length == 0
                    ? "It printed nothing to standard output."
                    : $"It printed more than {MaxLength} characters."
            );
    }
}
