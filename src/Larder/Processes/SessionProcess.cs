using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Larder.Content;
using Microsoft.Win32.SafeHandles;

namespace Larder.Processes;

/// <summary>A program that runs in a session of its own, and ends with all that it started.</summary>
/// <remarks>
/// .NET can neither begin a session nor end a group, so that the program is started through <c>setsid</c> and a shell that becomes
/// it. Beside it a guard waits at the end of a pipe whose other end only this process has: when that closes, because the program
/// has ended or this process was killed, the guard kills the whole group. What left the group is found by a mark in its
/// environment, which only a program that clears that escapes, and only while this process lives.
/// </remarks>
internal sealed class SessionProcess : IDisposable
{
    /// <summary>The variable that all processes of a session have.</summary>
    public const string MarkName = "LARDER_RUN";

    // The guard is started twice in the background, so that it is no child that the program could happen to wait for. It outlives
    // the polite signals, for it is there to give the last one.
    private const string Plain = """
        exec 9<&0 </dev/null
        ( ( trap '' TERM INT HUP; read -r _ <&9; kill -9 0 ) >/dev/null 2>&1 & )
        exec 9<&-
        exec "$@"
        """;

    // Standard input is taken by the channel here, so that the guard has a pipe with a name. It is opened for both directions first,
    // which never waits: a process that died meanwhile is an end of the pipe, and no shell that waits for ever. The channel is
    // moved away from where a program, or a library of it, prints.
    private const string WithChannel = """
        guard=$1
        shift
        exec 8<>"$guard" 9<"$guard" 8>&-
        ( ( trap '' TERM INT HUP; read -r _ <&9; rm -rf -- "${guard%/*}"; kill -9 0 ) </dev/null >/dev/null 2>&1 & )
        exec 3<&0 4>&1 9<&- </dev/null >&2
        exec "$@"
        """;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly SafeFileHandle? _guard;
    private readonly string _mark;
    private readonly TimeProvider _timeProvider;

    private SessionProcess(Process process, SafeFileHandle? guard, string mark, TimeProvider timeProvider)
    {
        _process = process;
        Id = process.Id;
        _guard = guard;
        _mark = mark;
        _timeProvider = timeProvider;
    }

    /// <summary>The process, which is the session and the group as well.</summary>
    public int Id { get; }

    /// <summary>What the program reads; of a session with a channel only.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What it prints, or answers on its channel.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>What it complains of.</summary>
    public Stream Error => _process.StandardError.BaseStream;

    /// <summary>How it ended; 128 and the signal for one that was killed.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program.</summary>
    /// <exception cref="SessionStartException">It could not be started.</exception>
    public static SessionProcess Start(SessionLaunch launch, TimeProvider timeProvider)
    {
        if (!OperatingSystem.IsLinux())
            throw new SessionStartException("Programs can be run on Linux only.");
        var shell = Find("sh");
        var mark = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(Find("setsid"))
        {
            UseShellExecute = false,
            WorkingDirectory = launch.Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SafeFileHandle? guard = null;
        var script = Plain;
        string[] guardPath = [];
        try
        {
            if (launch.ChannelDirectory is { } directory)
            {
                guardPath = [Path.Combine(directory, "guard")];
                guard = Fifo.Create(guardPath[0]);
                script = WithChannel;
            }
            foreach (
                var argument in (string[])
                    [shell, "-c", script, "larder", .. guardPath, launch.Program, .. launch.Arguments]
            )
                start.ArgumentList.Add(argument);
            start.Environment.Clear();
            foreach (var (name, value) in launch.Environment)
                start.Environment[name] = value;
            start.Environment[MarkName] = mark;
            return new SessionProcess(Process.Start(start)!, guard, $"{MarkName}={mark}", timeProvider);
        }
        catch (Exception failure) when (failure is Win32Exception or IOException or UnauthorizedAccessException)
        {
            guard?.Dispose();
            throw new SessionStartException(
                $"The program {Printable.Quote(launch.Program)} could not be started: {failure.Message}",
                failure
            );
        }
    }

    /// <summary>Waits until the program itself has ended; what it started may go on.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Waits for the end for some time; tells whether it came.</summary>
    public async Task<bool> HasEndedWithinAsync(TimeSpan time)
    {
        using var enough = new CancellationTokenSource(time, _timeProvider);
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

    /// <summary>Ends what the program reads.</summary>
    public void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is broken already.
        }
    }

    /// <summary>Asks the group to end, and then makes it.</summary>
    public async Task StopAsync()
    {
        Send(ProcessSignals.Terminate);
        if (!await HasEndedWithinAsync(Grace).ConfigureAwait(false))
            await KillAsync().ConfigureAwait(false);
    }

    /// <summary>Makes the group end.</summary>
    public async Task KillAsync()
    {
        Send(ProcessSignals.Kill);
        // One that hangs in a device's driver dies later; nobody can wait for that.
        await HasEndedWithinAsync(Grace).ConfigureAwait(false);
    }

    /// <summary>Ends what the program left behind when it ended; those that left its group are found by their mark.</summary>
    public async Task EndRestAsync()
    {
        // For the guard.
        CloseInput();
        _guard?.Dispose();
        if (_guard is not null)
            _ = ProcessSignals.TrySendToGroup(Id, ProcessSignals.Kill);
        var began = _timeProvider.GetTimestamp();
        // Until none is left, for one may have started another meanwhile.
        while (ProcessSignals.KillMarked(_mark) > 0 && _timeProvider.GetElapsedTime(began) < Grace)
            await Task.Delay(Pause, _timeProvider, CancellationToken.None).ConfigureAwait(false);
    }

    public void Dispose()
    {
        // A process whose streams were asked for leaves them to who did.
        CloseInput();
        Output.Dispose();
        Error.Dispose();
        _process.Dispose();
        _guard?.Dispose();
    }

    private static string Find(string program)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return ProgramPath.Find(program, path, "/")
            ?? throw new SessionStartException(
                $"There is no program {Printable.Quote(program)} in the PATH ('{path}'). Install it, or name it by its path."
            );
    }

    private void Send(int signal)
    {
        // Before setsid has done its work there is no group yet.
        if (!ProcessSignals.TrySendToGroup(Id, signal))
            _process.Kill(entireProcessTree: true);
    }
}
