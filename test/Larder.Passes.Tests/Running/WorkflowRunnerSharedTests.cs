using System.Text.Json.Nodes;
using Larder.Passes.Running;
using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Passes.Tests.Running;

public sealed class WorkflowRunnerSharedTests
{
    private const string Blobs = "blobs/";
    private static readonly string[] Chain = ["""{"a":1}""", """{"b":2}""", """{"c":3}"""];

    private readonly FakeSharedStore _team = new();
    private readonly FakeOrigin _origin = new FakeOrigin().Put("model.bin", TestBytes.Of(5000));

    [Fact]
    public async Task RunAsync_OnAnEmptySecondStore_FetchesTheFinalModelOnly()
    {
        var first = await ComputeAsync(Chain);
        _origin.Opening.Close();
        _team.ForgetRequests();
        using var second = new Machine(_origin, _team);

        var result = await second.RunAsync(Chain);

        Assert.All(result.Passes, pass => Assert.Equal(StepOutcome.SharedHit, pass.Outcome));
        Assert.Equal(first.Output.Manifest.Digest, result.Output.Manifest.Digest);
        Assert.Equal(result.Output.Manifest.SizeBytes, result.BytesFetched);
        Assert.Equal([0, 0, result.BytesFetched], result.Passes.Select(pass => pass.BytesFetched));
        Assert.Equal(0, second.Pass.Runs);
        Assert.Single(_team.Requests, request => request.Verb == "open");
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task RunAsync_AllSharedHits_AsksForAllEntriesAtOnce()
    {
        await ComputeAsync(Chain);
        _team.ForgetRequests();
        using var second = new Machine(_origin, _team, new SharedCacheOptions { Leases = false, Write = false });
        var asked = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _team.Before = async (request, token) =>
        {
            if (
                !request.Name.Contains("/entries/", StringComparison.Ordinal)
                && !request.Name.StartsWith("entries/", StringComparison.Ordinal)
            )
                return;
            // None is answered before all are asked.
            if (Interlocked.Increment(ref asked) == Chain.Length)
                all.SetResult();
            await all.Task.WaitAsync(token);
        };

        var result = await second.RunAsync(Chain);

        Assert.Equal(Chain.Length, asked);
        Assert.All(result.Passes, pass => Assert.Equal(StepOutcome.SharedHit, pass.Outcome));
    }

    [Fact]
    public async Task RunAsync_SharedStoreHasTheMiddle_ResumesAfterIt()
    {
        await ComputeAsync(Chain[..2]);
        using var second = new Machine(_origin, _team);
        _origin.Opening.Close();

        var result = await second.RunAsync(Chain);

        Assert.Equal(
            [StepOutcome.SharedHit, StepOutcome.SharedHit, StepOutcome.Computed],
            result.Passes.Select(pass => pass.Outcome)
        );
        Assert.Equal(0, result.Passes[0].BytesFetched);
        Assert.Equal(1, second.Pass.Runs);
    }

    [Fact]
    public async Task RunAsync_LocalAndSharedHaveTheSamePass_TakesTheLocal()
    {
        using var machine = new Machine(_origin, _team);
        await machine.RunAsync(Chain);
        _team.ForgetRequests();

        var again = await machine.RunAsync(Chain);

        Assert.All(again.Passes, pass => Assert.Equal(StepOutcome.LocalHit, pass.Outcome));
        Assert.Equal(0, again.BytesFetched);
        Assert.DoesNotContain(_team.Requests, request => request.Verb is "open" or "upload" or "write");
    }

    [Fact]
    public async Task RunAsync_AllLocalAndNothingToPublish_DoesNotAskTheSharedStore()
    {
        using var machine = new Machine(_origin, _team, new SharedCacheOptions { Leases = false, Write = false });
        await machine.RunAsync(Chain);
        _team.ForgetRequests();

        await machine.RunAsync(Chain);

        Assert.Empty(_team.Requests);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("short")]
    [InlineData("wrong")]
    public async Task RunAsync_FinalModelInTheSharedStoreIsBroken_FallsBackToTheHitBefore(string how)
    {
        var first = await ComputeAsync(Chain);
        var blob = NameOf(first.Output.Manifest.Files[0].Digest.ToString());
        Break(blob, how);
        _origin.Opening.Close();
        using var second = new Machine(_origin, _team);

        var result = await second.RunAsync(Chain);

        Assert.Equal(
            [StepOutcome.SharedHit, StepOutcome.SharedHit, StepOutcome.Computed],
            result.Passes.Select(pass => pass.Outcome)
        );
        Assert.Equal(first.Output.Manifest.Digest, result.Output.Manifest.Digest);
        Assert.Equal(1, second.Pass.Runs);
        Assert.Contains(result.Warnings, warning => warning.Contains("missing or damaged", StringComparison.Ordinal));
        // And is mended for the next.
        using var third = new Machine(_origin, _team);
        Assert.All((await third.RunAsync(Chain)).Passes, pass => Assert.Equal(StepOutcome.SharedHit, pass.Outcome));
        Assert.Equal(0, third.Pass.Runs);
    }

    [Fact]
    public async Task RunAsync_AllOfTheSharedStoreIsBroken_IsComputedFromTheInput()
    {
        var first = await ComputeAsync(Chain);
        foreach (var name in _team.Names.Where(name => name.Contains(Blobs, StringComparison.Ordinal)))
            Break(name, "wrong");
        using var second = new Machine(_origin, _team);

        var result = await second.RunAsync(Chain);

        Assert.All(result.Passes, pass => Assert.Equal(StepOutcome.Computed, pass.Outcome));
        Assert.Equal(first.Output.Manifest.Digest, result.Output.Manifest.Digest);
    }

    [Fact]
    public async Task RunAsync_EveryRequestFails_ComputesAndWarns()
    {
        _team.Before = (_, _) => throw _team.Fail(SharedFailure.Denied);
        using var machine = new Machine(_origin, _team);

        var result = await machine.RunAsync(Chain);

        Assert.All(result.Passes, pass => Assert.Equal(StepOutcome.Computed, pass.Outcome));
        Assert.Contains(
            result.Warnings,
            warning => warning.Contains("could not be published", StringComparison.Ordinal)
        );
        Assert.Empty(_team.Names);
    }

    [Fact]
    public async Task RunAsync_ComputedWhileTheStoreWasDown_IsPublishedByTheNextRun()
    {
        using var machine = new Machine(_origin, _team);
        _team.Before = (_, _) => throw _team.Fail(SharedFailure.Denied);
        await machine.RunAsync(Chain);
        _team.Before = null;
        machine.Time.Advance(TimeSpan.FromMinutes(10));

        var again = await machine.RunAsync(Chain);

        Assert.All(again.Passes, pass => Assert.Equal(StepOutcome.LocalHit, pass.Outcome));
        Assert.True(again.BytesPublished > 0);
        using var second = new Machine(_origin, _team);
        Assert.All((await second.RunAsync(Chain)).Passes, pass => Assert.Equal(StepOutcome.SharedHit, pass.Outcome));
    }

    [Fact]
    public async Task RunAsync_ContentIsKnownInTheSharedStore_IsAHitBeforeAnyFileComes()
    {
        await ComputeAsync("""{"constant":"same","way":1}""", """{"b":2}""");
        using var second = new Machine(_origin, _team);
        await second.RunAsync("""{"constant":"same","way":2}""");
        await second.ForgetAllOfAsync((await second.RunAsync("""{"constant":"same","way":2}""")).Passes[0]);
        _origin.Opening.Close();

        var result = await second.RunAsync("""{"constant":"same","way":2}""", """{"b":2}""");

        Assert.Equal([StepOutcome.SharedHit, StepOutcome.SharedHit], result.Passes.Select(pass => pass.Outcome));
        Assert.True(result.Passes[1].ByContent);
        Assert.Equal(0, result.Passes[0].BytesFetched);
        Assert.Equal(1, second.Pass.Runs);
    }

    [Fact]
    public async Task RunAsync_TwoResultsForOneKey_KeepsTheFirstAndTellsBoth()
    {
        var first = await ComputeAsync("""{"a":1}""");
        using var other = new Machine(_origin, _team, new SharedCacheOptions { Leases = false, Read = false });
        other.Pass.Instead = (run, token) =>
            File.WriteAllTextAsync(Path.Join(run.OutputPath, "model.bin"), "something else", token);

        var result = await other.RunAsync("""{"a":1}""");

        var warning = Assert.Single(result.Warnings);
        Assert.Contains(first.Passes[0].Manifest.ToString()!, warning, StringComparison.Ordinal);
        Assert.Contains(result.Passes[0].Manifest.ToString()!, warning, StringComparison.Ordinal);
        using var third = new Machine(_origin, _team);
        Assert.Equal(first.Passes[0].Manifest, (await third.RunAsync("""{"a":1}""")).Passes[0].Manifest);
    }

    [Fact]
    public async Task RunAsync_Evaluations_AreSharedHitsWithoutTheirModels()
    {
        var evaluations = new[]
        {
            new WorkflowEvaluation("e1", "bytes", []),
            new WorkflowEvaluation("e2", "bytes", new JsonObject { ["x"] = 1 }) { Of = "p1" },
            // The same but for its name.
            new WorkflowEvaluation("e3", "bytes", []),
        };
        using (var first = new Machine(_origin, _team))
            await first.RunAsync(first.Flow(Chain) with { Evaluations = evaluations });
        using var second = new Machine(_origin, _team);
        _origin.Opening.Close();

        var result = await second.RunAsync(second.Flow(Chain) with { Evaluations = evaluations });

        Assert.All(result.Evaluations, evaluation => Assert.Equal(StepOutcome.SharedHit, evaluation.Outcome));
        Assert.Equal(0, second.Evaluation.Runs);
        Assert.Equal(0, result.Passes[0].BytesFetched);
        Assert.True(result.Evaluations[1].BytesFetched > 0);
    }

    [Fact]
    public async Task RunAsync_PassesAreNotShared_LeavesTheStoreAlone()
    {
        using var machine = new Machine(_origin, _team, new SharedCacheOptions { Passes = false });

        await machine.RunAsync(Chain);

        Assert.Empty(_team.Requests);
    }

    [Fact]
    public async Task RunAsync_LaterPassFails_PublishesThoseBefore()
    {
        using var machine = new Machine(_origin, _team);
        machine.Pass.Instead = (run, token) =>
            machine.Pass.Runs == 1
                ? File.WriteAllTextAsync(Path.Join(run.OutputPath, "model.bin"), "first", token)
                : throw new PassException(PassFailure.Permanent, "No.");

        await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Chain));

        using var second = new Machine(_origin, _team);
        Assert.Equal(StepOutcome.SharedHit, (await second.RunAsync(Chain[..1])).Passes[0].Outcome);
    }

    [Fact]
    public async Task RunAsync_PublishingIsSlow_RunsTheNextPassMeanwhile()
    {
        using var machine = new Machine(_origin, _team);
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _team.Before = async (request, token) =>
        {
            if (request.Verb == "upload")
                await sent.Task.WaitAsync(token);
        };
        machine.Pass.Instead = async (run, token) =>
        {
            // The second is reached while nothing of the first is sent.
            if (machine.Pass.Runs == 2)
                sent.SetResult();
            await File.WriteAllTextAsync(Path.Join(run.OutputPath, "model.bin"), $"{machine.Pass.Runs}", token);
        };

        var result = await machine.RunAsync(Chain[..2]);

        Assert.Equal(2, machine.Pass.Runs);
        Assert.Equal(2, result.BytesPublished);
    }

    private async Task<WorkflowResult> ComputeAsync(params string[] configs)
    {
        using var machine = new Machine(_origin, _team);
        var result = await machine.RunAsync(configs);
        Assert.Equal(configs.Length, machine.Pass.Runs);
        Assert.Empty(result.Warnings);
        return result;
    }

    private string NameOf(string digest) =>
        Assert.Single(
            _team.Names,
            name =>
                name.Contains(Blobs, StringComparison.Ordinal)
                && name.Replace("/", "", StringComparison.Ordinal).EndsWith(digest, StringComparison.Ordinal)
        );

    private void Break(string name, string how)
    {
        var content = _team.Find(name)!;
        switch (how)
        {
            case "gone":
                Assert.True(_team.Remove(name));
                break;
            case "short":
                _team.Put(name, content[..^1]);
                break;
            default:
                content[0] ^= 1;
                _team.Put(name, content);
                break;
        }
    }
}
