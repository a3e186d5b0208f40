using System.ComponentModel;
using System.Diagnostics;
using Larder.Content;

namespace Larder.Passes.Commands;

/// <summary>A program that runs in a session of its own, and ends with all that it started.</summary>
/// <remarks>
/// .NET can neither begin a session nor end a group, so that the program is started through <c>setsid</c> and a shell that becomes
/// it. Beside it a guard waits at the end of a pipe whose other end only this process has: when that closes, because the program
/// has ended or this process was killed, the guard kills the whole group. What left the group is found by a mark in its
/// environment, which only a program that clears that escapes.
/// </remarks>
internal sealed class CommandProcess : IDisposable
{
    private const string MarkName = "LARDER_RUN";

    // Twice in the background, so that the guard is no child that the program could happen to wait for. It outlives the polite
    // signals, for it is there to give the last one.
    private const string Guarded = """
        exec 3<&0 </dev/null
        ( ( trap '' TERM INT HUP; read -r _ <&3; kill -9 0 ) >/dev/null 2>&1 & )
        exec 3<&-
        exec "$@"
        """;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CommandLaunch _launch;
    private readonly TimeProvider _timeProvider;
    private readonly Process _process;
    private readonly CommandOutput _output;
    private readonly string _mark;

    private CommandProcess(CommandLaunch launch, Process process, string mark, TimeProvider timeProvider)
    {
        _launch = launch;
        _process = process;
        _mark = mark;
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
        if (!OperatingSystem.IsLinux())
            throw new PassException(PassFailure.Environment, "Commands can be run on Linux only.");
        var program = Find(launch.Arguments[0], launch.Environment["PATH"], launch.Directory);
        var ourPath = Environment.GetEnvironmentVariable("PATH") ?? "";
        var mark = Guid.NewGuid().ToString("N");
        var start = new ProcessStartInfo(Find("setsid", ourPath, launch.Directory))
        {
            UseShellExecute = false,
            WorkingDirectory = launch.Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var argument in (string[])
                [Find("sh", ourPath, launch.Directory), "-c", Guarded, "larder", program, .. launch.Arguments.Skip(1)]
        )
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in launch.Environment)
            start.Environment[name] = value;
        start.Environment[MarkName] = mark;
        try
        {
            return new CommandProcess(launch, Process.Start(start)!, $"{MarkName}={mark}", timeProvider);
        }
        catch (Win32Exception failure)
        {
            throw new PassException(
                PassFailure.Environment,
                $"The command {Printable.Quote(launch.Arguments[0])} could not be started: {failure.Message}",
                failure
            );
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
            _output.ReadAsync(_process.StandardOutput.BaseStream, isStandard: true),
            _output.ReadAsync(_process.StandardError.BaseStream, isStandard: false)
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
            await StopAsync().ConfigureAwait(false);
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

    /// <summary>Asks the group to end, and then makes it.</summary>
    private async Task StopAsync()
    {
        // Before setsid has done its work there is no group yet.
        if (!ProcessSignals.TrySendToGroup(_process.Id, ProcessSignals.Terminate))
            _process.Kill(entireProcessTree: true);
        if (await HasEndedAsync().ConfigureAwait(false))
            return;
        if (!ProcessSignals.TrySendToGroup(_process.Id, ProcessSignals.Kill))
            _process.Kill(entireProcessTree: true);
        // One that hangs in a device's driver dies later; nobody can wait for that.
        await HasEndedAsync().ConfigureAwait(false);
    }

    private async Task<bool> HasEndedAsync()
    {
        using var enough = new CancellationTokenSource(Grace, _timeProvider);
        try
        {
            await _process.WaitForExitAsync(enough.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Ends what the program left behind, and reads what was written to the end.</summary>
    private async Task EndRestAsync(Task reads)
    {
        // For the guard. Its pipe may be broken already.
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException) { }
        var began = _timeProvider.GetTimestamp();
        // Until none is left, for one may have started another meanwhile.
        while (ProcessSignals.KillMarked(_mark) > 0 && _timeProvider.GetElapsedTime(began) < Grace)
            await Task.Delay(Pause, _timeProvider, CancellationToken.None).ConfigureAwait(false);
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
