using Larder.Passes.Running;
using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Passes.Tests.Running;

public sealed class StepRunnerTests
{
    private const string Config = """{"a":1}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ManyAtOnceInOneProcess_RunsThePassOnce()
    {
        using var machine = new Machine();
        machine.Pass.Running.Close();
        var running = Enumerable.Range(0, 8).Select(_ => machine.RunAsync(Config)).ToList();
        await machine.Pass.Running.Reached;
        machine.Pass.Running.Open();

        var results = await Task.WhenAll(running);

        Assert.Equal(1, machine.Pass.Runs);
        Assert.Single(results.Select(result => result.Output.Manifest.Digest).Distinct());
        Assert.Single(results, result => result.Passes[0].Outcome == StepOutcome.Computed);
    }

    [Fact]
    public async Task RunAsync_TwoRunnersOfOneStore_RunThePassOnce()
    {
        using var first = new Machine();
        using var second = new Machine(first.Origin, storePath: first.Cache.StorePath, passes: first.Pass);
        first.Pass.Running.Close();
        var one = first.RunAsync(Config);
        await first.Pass.Running.Reached;
        var other = second.RunAsync(Config);
        first.Pass.Running.Open();

        await Task.WhenAll(one, other);

        Assert.Equal(1, first.Pass.Runs);
        Assert.Equal(StepOutcome.LocalHit, (await other).Passes[0].Outcome);
    }

    [Fact]
    public async Task RunAsync_TwoMachinesOfATeam_RunThePassOnce()
    {
        var team = new FakeSharedStore();
        using var first = new Machine(shared: team, sharing: new Sharing.SharedCacheOptions());
        using var second = new Machine(first.Origin, team, new Sharing.SharedCacheOptions(), passes: first.Pass);
        first.Pass.Running.Close();
        var one = first.RunAsync(Config);
        await first.Pass.Running.Reached;
        var other = second.RunAsync(Config);
        first.Pass.Running.Open();

        await Task.WhenAll(one, other);

        Assert.Equal(1, first.Pass.Runs);
        Assert.Equal(StepOutcome.SharedHit, (await other).Passes[0].Outcome);
        Assert.Equal((await one).Output.Manifest.Digest, (await other).Output.Manifest.Digest);
    }

    [Fact]
    public async Task RunAsync_OneOfTwoCallersLeaves_GoesOnForTheOther()
    {
        using var machine = new Machine();
        machine.Pass.Running.Close();
        using var leaving = new CancellationTokenSource();
        var one = machine.Runner.RunAsync(machine.Flow(Config), cancellationToken: leaving.Token);
        await machine.Pass.Running.Reached;
        var isWaiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var other = machine.RunAsync(
            machine.Flow(Config),
            new RunOptions { Progress = new Telling(_ => isWaiting.TrySetResult()) }
        );
        await isWaiting.Task;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        machine.Pass.Running.Open();

        // He may have come to the flight before or after it was left: in either case it is his result.
        Assert.NotNull((await other).Passes[0].Manifest);
    }

    [Fact]
    public async Task RunAsync_Cancelled_LeavesNothing()
    {
        var team = new FakeSharedStore();
        using var machine = new Machine(shared: team);
        machine.Pass.Running.Close();
        using var cancellation = new CancellationTokenSource();
        var running = machine.Runner.RunAsync(machine.Flow(Config), cancellationToken: cancellation.Token);
        await machine.Pass.Running.Reached;
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        // The pass hears of it, and cleans up, in its own time: the next run of it waits for that.
        machine.Pass.Running.Open();
        await machine.RunAsync(machine.Flow(Config));
        Assert.Empty(Directory.EnumerateDirectories(Path.Join(machine.Cache.StorePath, "staging")));
        Assert.Equal(StepOutcome.LocalHit, (await machine.RunAsync(Config)).Passes[0].Outcome);
        Assert.DoesNotContain(machine.Cache.List(), model => model.Leased);
    }

    [Fact]
    public async Task RunAsync_CancelledPassCleansUp_EndsAfterItWithTheLeaseGivenBack()
    {
        var team = new FakeSharedStore();
        using var machine = new Machine(shared: team, sharing: new SharedCacheOptions());
        var isRunning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isStopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        machine.Pass.Instead = async (_, token) =>
        {
            isRunning.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                isStopping.SetResult();
                await mayEnd.Task;
            }
        };
        using var cancellation = new CancellationTokenSource();
        var running = machine.Runner.RunAsync(machine.Flow(Config), cancellationToken: cancellation.Token);
        await isRunning.Task;
        await cancellation.CancelAsync();
        await isStopping.Task;

        // A process that ended now would leave its program, its lease and its files behind.
        Assert.False(running.IsCompleted);
        mayEnd.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(Directory.EnumerateDirectories(Path.Join(machine.Cache.StorePath, "staging")));
        Assert.DoesNotContain(team.Names, name => name.StartsWith("leases/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_CancelledPassFailsOfIt_IsNoFailureToRemember()
    {
        using var machine = new Machine();
        var isRunning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        machine.Pass.Instead = async (_, token) =>
        {
            isRunning.SetResult();
            await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new PassException(PassFailure.Permanent, "It was stopped.");
        };
        using var cancellation = new CancellationTokenSource();
        var running = machine.Runner.RunAsync(machine.Flow(Config), cancellationToken: cancellation.Token);
        await isRunning.Task;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        machine.Pass.Instead = null;

        Assert.NotNull((await machine.RunAsync(Config)).Passes[0].Manifest);
    }

    [Fact]
    public async Task RunAsync_Cancelled_IsNoFailureToRemember()
    {
        using var machine = new Machine();
        machine.Pass.Running.Close();
        using var cancellation = new CancellationTokenSource();
        var running = machine.Runner.RunAsync(machine.Flow(Config), cancellationToken: cancellation.Token);
        await machine.Pass.Running.Reached;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        machine.Pass.Running.Open();

        Assert.NotNull((await machine.RunAsync(Config)).Passes[0].Manifest);
    }

    [Fact]
    public async Task RunAsync_FailureWhileAnotherWaits_IsTheOthersToo()
    {
        using var first = new Machine();
        using var second = new Machine(first.Origin, storePath: first.Cache.StorePath, passes: first.Pass);
        first.Pass.Running.Close();
        first.Pass.Instead = (_, _) => throw new PassException(PassFailure.Permanent, "No.");
        var one = first.RunAsync(Config);
        await first.Pass.Running.Reached;
        var other = second.RunAsync(second.Flow(Config), new RunOptions { Retry = true });
        first.Pass.Running.Open();

        await Assert.ThrowsAsync<PassException>(() => one);
        await Assert.ThrowsAsync<PassException>(() => other);
    }

    [Fact]
    public async Task RunAsync_PassWritesToItsInput_FailsNamesTheFileAndTheInputIsMended()
    {
        using var machine = new Machine();
        machine.Pass.Instead = (run, _) =>
        {
            var path = Path.Join(run.InputPath, "model.bin");
            // Whoever is root need not even do this.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.AppendAllText(path, "x");
            File.WriteAllText(Path.Join(run.OutputPath, "model.bin"), "y");
            return Task.CompletedTask;
        };

        var failure = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config));

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains(
            "It wrote to 'model.bin' of the model that it was to read",
            failure.Message,
            StringComparison.Ordinal
        );
        machine.Pass.Instead = null;
        using var result = await machine.Runner.RunAsync(machine.Flow(Config), new RunOptions { Retry = true }, Token);
        Assert.Equal(
            FakePass.Transform(TestBytes.Of(5000), new() { ["a"] = 1 }),
            await File.ReadAllBytesAsync(Path.Join(result.Output.Path, "model.bin"), Token)
        );
    }

    [Fact]
    public async Task RunAsync_PassWritesBesideItsInput_FailsAndTheFileIsTakenAway()
    {
        using var machine = new Machine();
        string? stray = null;
        machine.Pass.Instead = (run, _) =>
        {
            File.SetUnixFileMode(
                run.InputPath,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
            stray = Path.Join(run.InputPath, "cache.tmp");
            File.WriteAllText(stray, "x");
            return Task.CompletedTask;
        };

        var failure = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config));

        Assert.Contains("'cache.tmp'", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(stray));
    }

    [Fact]
    public async Task RunAsync_OptionsFileChangedWhileItRan_IsNotKept()
    {
        using var machine = new Machine();
        await File.WriteAllTextAsync(machine["data.txt"], "before", Token);
        machine.Pass.Instead = (run, _) =>
        {
            File.WriteAllText(machine["data.txt"], "after that");
            File.WriteAllText(Path.Join(run.OutputPath, "model.bin"), "y");
            return Task.CompletedTask;
        };

        var failure = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync("""{"file":"data.txt"}"""));

        Assert.Equal(PassFailure.Transient, failure.Failure);
        Assert.Contains("'data.txt'", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(machine.Cache.List(), model => model.Kind == "pass");
    }

    [Theory]
    [InlineData("nothing", "wrote no file")]
    [InlineData("directory", "wrote no file")]
    [InlineData("link_out", "'l' of its output is a symbolic link")]
    [InlineData("link_nowhere", "'l' of its output is a symbolic link to something that is no file")]
    [InlineData("link_loop", "'l' of its output is a symbolic link")]
    [InlineData("odd_name", "model\\\\bin")]
    public async Task RunAsync_OutputThatCannotBeKept_IsAPermanentFailure(string what, string said)
    {
        using var machine = new Machine();
        machine.Pass.Instead = (run, _) =>
        {
            var link = Path.Join(run.OutputPath, "l");
            switch (what)
            {
                case "directory":
                    Directory.CreateDirectory(Path.Join(run.OutputPath, "d/e"));
                    break;
                case "link_out":
                    File.CreateSymbolicLink(link, Path.Join(run.InputPath, "model.bin"));
                    break;
                case "link_nowhere":
                    File.CreateSymbolicLink(link, "nowhere");
                    break;
                case "link_loop":
                    File.CreateSymbolicLink(link, "l");
                    break;
                case "odd_name":
                    File.WriteAllText(Path.Join(run.OutputPath, "model\\bin"), "x");
                    break;
            }
            return Task.CompletedTask;
        };

        var failure = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config));

        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.DoesNotContain(machine.Cache.List(), model => model.Kind == "pass");
    }

    [Fact]
    public async Task RunAsync_LinkByTheRealPathOfAStoreBehindALink_IsKeptAsAFile()
    {
        using var directory = new TempDirectory();
        var real = Directory.CreateDirectory(directory["real"]).FullName;
        File.CreateSymbolicLink(directory["store"], real);
        using var machine = new Machine(storePath: directory["store"]);
        machine.Pass.Instead = (run, _) =>
        {
            var file = Path.Join(run.OutputPath, "model.bin");
            File.WriteAllText(file, "y");
            var target = file.Replace(directory["store"], real, StringComparison.Ordinal);
            File.CreateSymbolicLink(Path.Join(run.OutputPath, "l"), target);
            return Task.CompletedTask;
        };

        using var result = await machine.Runner.RunAsync(machine.Flow(Config), cancellationToken: Token);

        Assert.Equal("y", await File.ReadAllTextAsync(Path.Join(result.Output.Path, "l"), Token));
    }

    [Fact]
    public async Task RunAsync_OutputOfLinks_IsKeptAsFilesOfItsOwn()
    {
        using var machine = new Machine();
        machine.Pass.Instead = (run, _) =>
        {
            Directory.CreateDirectory(Path.Join(run.OutputPath, "d"));
            File.WriteAllText(Path.Join(run.OutputPath, "d/a"), "inside");
            File.CreateSymbolicLink(Path.Join(run.OutputPath, "b"), "d/a");
            // The same file as its input, as a pass that changes nothing may give it.
            HardLink(Path.Join(run.InputPath, "model.bin"), Path.Join(run.OutputPath, "c"));
            File.SetUnixFileMode(Path.Join(run.OutputPath, "d/a"), UnixFileMode.UserRead);
            return Task.CompletedTask;
        };

        using var result = await machine.Runner.RunAsync(machine.Flow(Config), cancellationToken: Token);

        Assert.Equal(["b", "c", "d/a"], result.Output.Manifest.Files.Select(file => file.Path));
        Assert.Equal("inside", await File.ReadAllTextAsync(Path.Join(result.Output.Path, "b"), Token));
        Assert.Null(new FileInfo(Path.Join(result.Output.Path, "b")).LinkTarget);
        Assert.Equal(TestBytes.Of(5000), await File.ReadAllBytesAsync(Path.Join(result.Output.Path, "c"), Token));
    }

    private static void HardLink(string existing, string path)
    {
        using var ln = System.Diagnostics.Process.Start("ln", [existing, path]);
        ln.WaitForExit();
        Assert.Equal(0, ln.ExitCode);
    }
}
