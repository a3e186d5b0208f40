using System.Diagnostics;
using Larder.Workers.Processes;
using static Larder.Workers.Tests.WorkerHarness;

namespace Larder.Workers.Tests.Processes;

/// <content>How workers start and end, and what is left of them.</content>
public sealed partial class WorkerPoolTests
{
    private const string HostDirectory = "LARDER_TEST_WORKER_HOST";

    [Theory]
    [InlineData("die", "it ended with exit code 3. The last that it printed: ", "no such library: tensorthing")]
    [InlineData("garbage", "no JSON document", "'Loading checkpoint shards: 100%'")]
    [InlineData("other-protocol", "it does not speak version 1 of the protocol", "protocol")]
    public async Task Start_WorkerFails_TellsWhy(string start, params string[] reasons)
    {
        var failure = await Assert.ThrowsAsync<WorkerException>(() => _harness.StartAsync(Program(("START", start))));

        Assert.Equal(WorkerFailure.NotStarted, failure.Failure);
        Assert.All(reasons, reason => Assert.Contains(reason, failure.Message, StringComparison.Ordinal));
        Assert.Empty(_harness.WorkDirectories());
    }

    [Fact]
    public async Task Start_NeverReady_IsEndedAtTheLimit()
    {
        var pipe = _harness.Pipe("alive");
        var program = new WorkerProgram(["sh", "-c", "exec 9>\"$ALIVE\"; echo loading; exec sleep 1000000"])
        {
            Environment = new Dictionary<string, string> { ["ALIVE"] = pipe },
            StartTimeout = TimeSpan.FromMilliseconds(300),
        };
        var start = _harness.StartAsync(program);
        using var alive = await ListenAsync(pipe);

        var failure = await Assert.ThrowsAsync<WorkerException>(() => start);

        Assert.Equal(WorkerFailure.NotStarted, failure.Failure);
        Assert.Contains("was not ready after 00:00:00.3", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("loading", failure.Message, StringComparison.Ordinal);
        await AssertAllDeadAsync(alive);
    }

    [Fact]
    public async Task Start_CallerLeaves_EndsTheWorkers()
    {
        using var leaves = new CancellationTokenSource();
        var (pipe, gate) = (_harness.Pipe("alive"), _harness.Pipe("gate"));
        var start = WorkerPool.StartAsync(
            _harness.Start(Program(("START", "wait"), ("PIPE", pipe), ("GATE", gate))),
            files: null,
            leaves.Token
        );
        using var alive = await ListenAsync(pipe);
        Assert.Equal("started", await alive.ReadLineAsync(Token));

        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        await AssertAllDeadAsync(alive);
    }

    [Fact]
    public async Task Start_OneOfTwoFails_EndsTheOther()
    {
        var failure = await Assert.ThrowsAsync<WorkerException>(() =>
            _harness.StartAsync(
                new WorkerProgram([Python, Script])
                {
                    Workers = 2,
                    Environment = new Dictionary<string, string> { ["START"] = "once", ["MARK"] = _harness["mark"] },
                }
            )
        );

        Assert.Contains("this can start only once", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ProgramIsMissing_SaysSo()
    {
        var failure = await Assert.ThrowsAsync<WorkerException>(() =>
            _harness.StartAsync(new WorkerProgram(["no-such-program"]))
        );

        Assert.Equal(WorkerFailure.ProgramMissing, failure.Failure);
        Assert.Contains("'no-such-program'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FilesOfASnapshotAreNoPrograms_SaysWhatToDo()
    {
        File.WriteAllText(_harness["serve.py"], "");

        var failure = await Assert.ThrowsAsync<WorkerException>(() =>
            _harness.StartAsync(new WorkerProgram(["{snapshot}/serve.py"]))
        );

        Assert.Contains("[\"python3\", \"{snapshot}/serve.py\"]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Environment_HasNothingThatWasNotNamed()
    {
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "hush");
        Environment.SetEnvironmentVariable("LARDER_TOKEN", "hush");
        await using var pool = await _harness.StartAsync(Program(("MODEL", "{snapshot}/weights")));

        var outputs = await pool.RunAsync(Inputs(("do", "environment")), Patience, Token);

        var variables = outputs.GetProperty("environment").EnumerateObject().ToDictionary(pair => pair.Name);
        Assert.Equal(_harness["weights"], variables["MODEL"].Value.GetString());
        // A program that finds the right Python, where there is one, has variables of its own.
        Assert.Empty(
            variables
                .Keys.Where(name => !name.Contains("PYENV", StringComparison.Ordinal))
                .Except([
                    "PATH",
                    "HOME",
                    "LANG",
                    "TMPDIR",
                    "PYTHONDONTWRITEBYTECODE",
                    "MODEL",
                    "LARDER_WORKER_IN",
                    "LARDER_WORKER_OUT",
                    "LARDER_RUN",
                    // Added by the shell and by Python themselves.
                    "PWD",
                    "OLDPWD",
                    "SHLVL",
                    "_",
                    "LC_CTYPE",
                ])
        );
        var work = outputs.GetProperty("cwd").GetString()!;
        Assert.Equal(variables["TMPDIR"].Value.GetString(), work);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(work)!)
        );
    }

    [Fact]
    public async Task MeasureBytes_ReadyWorkers_IsWhatTheirProcessesHold()
    {
        await using var one = await _harness.StartAsync(Program());
        await using var three = await _harness.StartAsync(new WorkerProgram([Python, Script]) { Workers = 3 });

        // Python takes some MB, and three take about as much each.
        Assert.InRange(one.MeasureBytes()!.Value, 5_000_000, 200_000_000);
        Assert.InRange(three.MeasureBytes()!.Value, 2 * one.MeasureBytes()!.Value, 4 * one.MeasureBytes()!.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ignore")]
    public async Task Dispose_FamilyOfProcesses_EndsAllOfThem(string start)
    {
        var pipe = _harness.Pipe("family");
        var pool = await _harness.StartAsync(Program(("START", start)));
        var run = pool.RunAsync(Inputs(("do", "family"), ("pipe", pipe)), Patience, Token);
        using var alive = await ListenAsync(pipe);
        var process = (await run).GetProperty("echo").GetInt32();
        Assert.Equal("family", await alive.ReadLineAsync(Token));

        await pool.DisposeAsync();

        Assert.False(IsThere(process));
        await AssertAllDeadAsync(alive);
        Assert.Empty(_harness.WorkDirectories());
    }

    [Fact]
    public async Task Dispose_WorkerThatHangsAndIgnoresSignals_IsKilled()
    {
        var alivePipe = _harness.Pipe("alive");
        var start = _harness.StartAsync(Program(("START", "ignore"), ("ALIVE", alivePipe)));
        using var alive = await ListenAsync(alivePipe);
        Assert.Equal("alive", await alive.ReadLineAsync(Token));
        var pool = await start;
        using var leaves = new CancellationTokenSource();
        var run = pool.RunAsync(Inputs(("do", "hang")), Patience, leaves.Token);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        await pool.DisposeAsync();

        await AssertAllDeadAsync(alive);
    }

    [Fact]
    public async Task Killed_WithAFamily_LeavesNobody()
    {
        await using var pool = await _harness.StartAsync(Program());
        var lost = new TaskCompletionSource();
        pool.Emptied = lost.SetResult;
        var pipe = _harness.Pipe("family");
        var run = pool.RunAsync(Inputs(("do", "family"), ("pipe", pipe)), Patience, Token);
        using var alive = await ListenAsync(pipe);
        var process = (await run).GetProperty("echo").GetInt32();
        Assert.Equal("family", await alive.ReadLineAsync(Token));

        // Its children have its channel, so that only the end of the process tells.
        Process.GetProcessById(process).Kill();

        await lost.Task.WaitAsync(Patience, Token);
        await AssertAllDeadAsync(alive);
        Assert.Contains("signal 9", _harness.Log.Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idle_WorkerThatIsDeaf_IsFoundAndEnded()
    {
        var lost = new TaskCompletionSource();
        var program = new WorkerProgram([Python, Script]) { PingInterval = TimeSpan.FromMilliseconds(50) };
        var start = _harness.Start(program) with { PingLimit = TimeSpan.FromMilliseconds(500) };
        var pool = await WorkerPool.StartAsync(start, files: null, Token);
        var process = await ProcessAsync(pool);
        pool.Emptied = () => lost.TrySetResult();

        // Stopped, it neither answers nor ends.
        using var stop = Process.Start("kill", ["-STOP", $"{process}"]);

        await lost.Task.WaitAsync(Patience, Token);
        Assert.False(IsThere(process));
        Assert.NotEqual(process, await ProcessAsync(pool));
        await pool.DisposeAsync();
        Assert.Contains(_harness.Log.Warnings, warning => warning.Contains("is well", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Idle_WorkersThatAreWell_StayTheSame()
    {
        await using var pool = await _harness.StartAsync(
            new WorkerProgram([Python, Script]) { Workers = 2, PingInterval = TimeSpan.FromMilliseconds(1) }
        );
        var before = pool.Processes.Order().ToList();

        for (var i = 0; i < 200; i++)
            await ProcessAsync(pool);

        Assert.Equal(before, pool.Processes.Order());
        Assert.Empty(_harness.Log.Warnings);
    }

    [Fact]
    public async Task StartAndDispose_AHundredWorkers_LeaveNothing()
    {
        await (await _harness.StartAsync(Small())).DisposeAsync();
        var descriptors = Descriptors();
        var processes = new List<int>();
        for (var round = 0; round < 10; round++)
        {
            var pools = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _harness.StartAsync(Small())));
            processes.AddRange(pools.SelectMany(pool => pool.Processes));
            await Task.WhenAll(pools.Select(pool => pool.DisposeAsync().AsTask()));
        }

        Assert.Equal(100, processes.Count);
        Assert.DoesNotContain(processes, IsThere);
        Assert.Empty(_harness.WorkDirectories());
        // What runs beside this test opens some as well.
        Assert.InRange(Descriptors(), 0, descriptors + 50);

        // A worker in a few lines of shell, which ends with its input.
        static WorkerProgram Small() =>
            new(["sh", "-c", """echo '{"ready": true, "protocol": 1}' >&4; while read -r line; do :; done <&3"""])
            {
                Workers = 2,
            };

        static int Descriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
    }

    [Fact]
    public async Task HostKilled_Family_DiesWithIt()
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
                $"{typeof(WorkerPoolTests).FullName}.{nameof(Host_UntilItIsKilled)}",
            },
            Environment = { [HostDirectory] = Path.GetDirectoryName(pipe) },
        };
        using var host = Process.Start(start)!;
        using var alive = await ListenAsync(pipe);
        Assert.Equal("alive", await alive.ReadLineAsync(Token));

        host.Kill();

        await AssertAllDeadAsync(alive);
        await host.WaitForExitAsync(Token);
        // A worker ends by itself when its input does, perhaps before the guard has cleaned up behind it.
        while (_harness.WorkDirectories().Any())
            await Task.Delay(5, Token);
    }

    [Fact(Explicit = true)]
    public async Task Host_UntilItIsKilled()
    {
        // The other half of the test above, which runs it in a process of its own.
        var directory = Environment.GetEnvironmentVariable(HostDirectory);
        Assert.SkipWhen(directory is null, "It is run by another test only.");
        var program = Program(("START", "ignore"), ("ALIVE", Path.Combine(directory, "alive")));
        var start = _harness.Start(program) with { ScratchPath = directory };
        await using var pool = await WorkerPool.StartAsync(start, files: null, Token);
        await pool.RunAsync(Inputs(("do", "hang")), Patience, Token);
    }
}
