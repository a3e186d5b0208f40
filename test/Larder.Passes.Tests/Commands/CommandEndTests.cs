using System.Diagnostics;
using System.Text.Json.Nodes;
using Larder.TestKit;
using static Larder.Passes.Commands.Tests.CommandHarness;

namespace Larder.Passes.Commands.Tests;

/// <summary>How commands end that do not end by themselves. A pipe that all processes hold open tells when the last is dead.</summary>
public sealed class CommandEndTests : IDisposable
{
    private const string HostDirectory = "LARDER_TEST_COMMAND_HOST";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // A shell, its child, and the child of that in the background, which all wait for ever and hold the pipe open.
    private const string Family = """
        exec 9>"$PIPE"
        sh -c 'sh -c "echo started >&9; sleep 1000000; true" & sleep 1000000; true' &
        sh -c 'sleep 1000000; true'
        """;

    private readonly CommandHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Cancel_FamilyOfProcesses_EndsAllOfThem()
    {
        using var cancelled = new CancellationTokenSource();
        var pipe = _harness.Pipe("alive");
        var run = _harness.RunAsync(WithPipe(Family, pipe), cancelled.Token);
        using var alive = await OpenAsync(pipe);
        Assert.Equal("started", await alive.ReadLineAsync(Token));

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await AssertAllDeadAsync(alive);
    }

    [Fact]
    public async Task Cancel_ProcessThatIgnoresTheSignal_IsKilled()
    {
        using var cancelled = new CancellationTokenSource();
        var time = new ManualTimeProvider();
        var pipe = _harness.Pipe("alive");
        var run = _harness.RunAsync(
            new CommandPass(time).Plan(
                _harness.Request(
                    WithPipe(
                        """trap '' TERM; exec 9>"$PIPE"; echo started >&9; while :; do sleep 1000000; done""",
                        pipe
                    )
                )
            ),
            cancelled.Token
        );
        using var alive = await OpenAsync(pipe);
        Assert.Equal("started", await alive.ReadLineAsync(Token));

        await cancelled.CancelAsync();
        await PassTimeAsync(time, run);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await AssertAllDeadAsync(alive);
    }

    [Fact]
    public async Task Cancel_ProcessThatLeftTheSession_IsFoundAndKilled()
    {
        using var cancelled = new CancellationTokenSource();
        var pipe = _harness.Pipe("alive");
        var run = _harness.RunAsync(
            WithPipe(
                """exec 9>"$PIPE"; setsid sh -c 'echo started >&9; sleep 1000000; true' & sleep 1000000; true""",
                pipe
            ),
            cancelled.Token
        );
        using var alive = await OpenAsync(pipe);
        Assert.Equal("started", await alive.ReadLineAsync(Token));

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await AssertAllDeadAsync(alive);
    }

    [Fact]
    public async Task Cancel_PoliteProcess_MayEndItsOwnWay()
    {
        using var cancelled = new CancellationTokenSource();
        var pipe = _harness.Pipe("alive");
        var run = _harness.RunAsync(
            WithPipe(
                """exec 9>"$PIPE"; trap 'echo tidied >&9; exit 3' TERM; echo started >&9; while :; do sleep 1000000 & wait; done""",
                pipe
            ),
            cancelled.Token
        );
        using var alive = await OpenAsync(pipe);
        Assert.Equal("started", await alive.ReadLineAsync(Token));

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal("tidied", await alive.ReadLineAsync(Token));
        await AssertAllDeadAsync(alive);
    }

    [Fact]
    public async Task Cancel_BeforeTheStart_StartsNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _harness.RunAsync(Shell("touch {output}/ran"), new CancellationToken(canceled: true))
        );

        Assert.Empty(Directory.EnumerateFileSystemEntries(_harness.Output));
    }

    [Fact]
    public async Task TimeLimit_FamilyOfProcesses_EndsAllAndMayGoWellNextTime()
    {
        var time = new ManualTimeProvider();
        var pipe = _harness.Pipe("alive");
        var config = WithPipe("echo at work; " + Family, pipe);
        config["time_limit"] = "10 min";
        var run = _harness.RunAsync(new CommandPass(time).Plan(_harness.Request(config)));
        using var alive = await OpenAsync(pipe);
        Assert.Equal("started", await alive.ReadLineAsync(Token));

        await _harness.Shown.Task.WaitAsync(Patience, Token);

        time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(run.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));

        await AssertAllDeadAsync(alive);
        await PassTimeAsync(time, run);
        var failure = await Assert.ThrowsAsync<PassException>(() => run);
        Assert.Equal(PassFailure.Transient, failure.Failure);
        Assert.Contains("time limit of 00:10:00", failure.Message, StringComparison.Ordinal);
        Assert.Equal("at work", failure.Output);
    }

    [Fact]
    public async Task End_WithProcessesInTheBackground_EndsThemAndDoesNotWaitForThem()
    {
        var pipe = _harness.Pipe("alive");
        var run = _harness.RunAsync(
            WithPipe(
                """exec 9>"$PIPE"; sleep 1000000 & setsid sleep 1000000 & echo started >&9; touch {output}/a""",
                pipe
            )
        );
        using var alive = await OpenAsync(pipe);
        Assert.Equal("started", await alive.ReadLineAsync(Token));

        await run.WaitAsync(Patience, Token);

        await AssertAllDeadAsync(alive);
    }

    [Fact]
    public async Task HostKilled_FamilyOfProcesses_DiesWithIt()
    {
        var pipe = _harness.Pipe("alive");
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            ArgumentList =
            {
                "-noLogo",
                "-explicit",
                "only",
                "-method",
                $"*{nameof(CommandEndTests)}.{nameof(Host_UntilItIsKilled)}",
            },
            Environment = { [HostDirectory] = _harness[""] },
        };
        using var host = Process.Start(start)!;
        using var alive = await OpenAsync(pipe);
        Assert.Equal("started", await alive.ReadLineAsync(Token));

        host.Kill();

        await AssertAllDeadAsync(alive);
    }

    [Fact(Explicit = true)]
    public async Task Host_UntilItIsKilled()
    {
        // The other half of the test above, which runs it in a process of its own.
        var directory = Environment.GetEnvironmentVariable(HostDirectory);
        Assert.SkipWhen(directory is null, "It is run by another test only.");
        await _harness.RunAsync(WithPipe(Family, Path.Combine(directory, "alive")));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static JsonObject WithPipe(string script, string pipe) =>
        Shell(script, ("environment", new JsonObject { ["PIPE"] = pipe }));

    // To open a pipe waits for its other end, and cannot be done without a thread that waits.
    private static Task<StreamReader> OpenAsync(string pipe) =>
        Task.Run(() => new StreamReader(pipe), Token).WaitAsync(Patience, Token);

    // The seconds that a program is given to end by itself, and the pauses between two looks at what is left.
    private static async Task PassTimeAsync(ManualTimeProvider time, Task run)
    {
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }
    }

    private static async Task AssertAllDeadAsync(StreamReader alive) =>
        Assert.Equal("", await alive.ReadToEndAsync(Token).WaitAsync(Patience, Token));
}
