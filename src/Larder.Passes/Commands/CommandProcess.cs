using Larder.Content;
using Larder.Processes;

namespace Larder.Passes.Commands;

/// <summary>A program that runs to its end, and ends with all that it started.</summary>
internal sealed class CommandProcess : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CommandLaunch _launch;
    private readonly TimeProvider _timeProvider;
    private readonly SessionProcess _process;
    private readonly CommandOutput _output;

    private CommandProcess(CommandLaunch launch, SessionProcess process, TimeProvider timeProvider)
    {
        _launch = launch;
        _process = process;
        _timeProvider = timeProvider;
        _output = new CommandOutput(new SecretMask(launch.Secrets), launch.Log);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="PassException">It could not be started, or took longer than it may.</exception>
    public static async Task<CommandResult> RunAsync(
        CommandLaunch launch,
        TimeProvider timeProvider,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var running = Start(launch, timeProvider);
        return await running.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _process.Dispose();
        _output.Dispose();
    }

    private static CommandProcess Start(CommandLaunch launch, TimeProvider timeProvider)
    {
        var session = new SessionLaunch
        {
            Program = Find(launch.Arguments[0], launch.Environment["PATH"], launch.Directory),
            Arguments = [.. launch.Arguments.Skip(1)],
            Directory = launch.Directory,
            Environment = launch.Environment,
        };
        try
        {
            return new CommandProcess(launch, SessionProcess.Start(session, timeProvider), timeProvider);
        }
        catch (SessionStartException failure)
        {
            throw new PassException(PassFailure.Environment, failure.Message, failure);
        }
    }

    private static string Find(string program, string path, string directory) =>
        ProgramPath.Find(program, path, directory)
        ?? throw new PassException(
            PassFailure.Environment,
            program.Contains('/', StringComparison.Ordinal)
                ? $"There is no program {Printable.Quote(program)} that can be run. Is it among 'inputs', and may it be executed?"
                : $"There is no program {Printable.Quote(program)} in the PATH ('{path}'). Install it, or name it by its path."
        );

    private async Task<CommandResult> RunAsync(CancellationToken cancellationToken)
    {
        var reads = Task.WhenAll(
            _output.ReadAsync(_process.Output, isStandard: true),
            _output.ReadAsync(_process.Error, isStandard: false)
        );
        using var limit = new CancellationTokenSource(_launch.TimeLimit, _timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var isStopped = false;
        try
        {
            await _process.WaitForExitAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            isStopped = true;
            await _process.StopAsync().ConfigureAwait(false);
        }
        await EndRestAsync(reads).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        _output.ThrowIfLogFailed();
        if (isStopped)
            throw new PassException(
                PassFailure.Transient,
                $"The command {Printable.Quote(_launch.Arguments[0])} took longer than its time limit of {_launch.TimeLimit} and was ended. Raise 'time_limit', or give it less to do."
            )
            {
                Output = string.Join('\n', _output.All),
            };
        return new CommandResult(_process.ExitCode, _output.All, _output.Standard);
    }

    /// <summary>Ends what the program left behind, and reads what was written to the end.</summary>
    private async Task EndRestAsync(Task reads)
    {
        await _process.EndRestAsync().ConfigureAwait(false);
        try
        {
            await reads.WaitAsync(Grace, _timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Somebody who cannot be found keeps the pipe open; what has come so far is what there is.
        }
    }
}
