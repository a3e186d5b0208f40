using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Passes.Running;
using Larder.Passes.Tests.Running;
using Larder.TestKit;

namespace Larder.Passes.Tests;

/// <summary>What Olive's cache gets wrong in keys, lookups and runs, each as a claim about this one.</summary>
/// <remarks>O1 and O3 to O5 belong to configurations and shared stores, and have their tests there.</remarks>
public sealed class PriorSystemPassDefectTests
{
    private const string Config = """{"a":1}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task O2_PassFailsWithSharingOn_IsTheFailureOfThePassAndNothingIsPublished()
    {
        var team = new FakeSharedStore();
        using var machine = new Machine(shared: team);
        machine.Pass.Instead = (_, _) => throw new PassException(PassFailure.Permanent, "No such operator.");

        var failure = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config));

        Assert.Equal("'p1' (fake): No such operator.", failure.Message);
        Assert.DoesNotContain(team.Names, name => name.StartsWith("entries/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task O4_TwoWorkersFinishTheSamePass_BothPublishAndTheEntryStays()
    {
        var team = new FakeSharedStore();
        using var first = new Machine(shared: team);
        using var second = new Machine(first.Origin, team);
        first.Pass.Running.Close();
        second.Pass.Running.Close();
        var one = first.RunAsync(Config);
        var other = second.RunAsync(Config);
        await Task.WhenAll(first.Pass.Running.Reached, second.Pass.Running.Reached);
        first.Pass.Running.Open();
        second.Pass.Running.Open();

        await Task.WhenAll(one, other);

        Assert.Empty((await one).Warnings);
        Assert.Empty((await other).Warnings);
        using var third = new Machine(first.Origin, team);
        Assert.Equal(StepOutcome.SharedHit, (await third.RunAsync(Config)).Passes[0].Outcome);
    }

    [Fact]
    public async Task O6_TwoFilesOfAModelSwapContents_IsAnotherKey()
    {
        using var machine = new Machine(
            new FakeOrigin().Put("a", [1], tellsDigest: true).Put("b", [2], tellsDigest: true)
        );
        machine.Pass.Instead = CopyAsync;
        var first = await machine.RunAsync(Config);
        machine.Origin.Put("a", [2], tellsDigest: true).Put("b", [1], tellsDigest: true);
        machine.Time.Advance(TimeSpan.FromHours(1));

        var second = await machine.RunAsync(Config);

        Assert.NotEqual(first.Passes[0].Key, second.Passes[0].Key);
        Assert.NotEqual(first.Output.Manifest.Digest, second.Output.Manifest.Digest);
    }

    [Fact]
    public async Task O6_TwoFilesOfAConfiguredDirectorySwapContents_IsAnotherKey()
    {
        using var machine = new Machine();
        Directory.CreateDirectory(machine["d"]);
        await File.WriteAllTextAsync(machine["d/a"], "1", Token);
        await File.WriteAllTextAsync(machine["d/b"], "2", Token);
        var first = await machine.RunAsync("""{"file":"d"}""");
        await File.WriteAllTextAsync(machine["d/a"], "2", Token);
        await File.WriteAllTextAsync(machine["d/b"], "1", Token);

        var second = await machine.RunAsync("""{"file":"d"}""");

        Assert.NotEqual(first.Passes[0].Key, second.Passes[0].Key);
        Assert.Equal(2, machine.Pass.Runs);
    }

    [Fact]
    public async Task O7_EntryOfAnotherRequestUnderTheSameName_IsNoHit()
    {
        using var machine = new Machine();
        var other = await machine.RunAsync("""{"a":2}""");
        var first = await machine.RunAsync(Config);
        // The entry of the one lies under the name of the other.
        File.Copy(EntryOf(machine, other.Passes[0].Key), EntryOf(machine, first.Passes[0].Key), overwrite: true);
        foreach (
            var entry in machine
                .Cache.List()
                .Where(model => model.Kind == "pass" && model.Digest == first.Passes[0].Manifest)
        )
            await machine.ForgetAsync(entry.Key);

        var again = await machine.RunAsync(Config);

        Assert.Equal(StepOutcome.Computed, again.Passes[0].Outcome);
        Assert.Equal(first.Passes[0].Manifest, again.Passes[0].Manifest);
        Assert.Contains(machine.Log.Warnings, warning => warning.Contains("request", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1.0}""")]
    [InlineData("""{"a":1e2,"b":"x"}""", """{"b":"x","a":100}""")]
    public async Task O8_TheSameOptionsWrittenAnotherWay_AreOneKey(string one, string other)
    {
        using var machine = new Machine();
        var first = await machine.RunAsync(one);

        var second = await machine.RunAsync(other);

        Assert.Equal(first.Passes[0].Key, second.Passes[0].Key);
        Assert.Equal(1, machine.Pass.Runs);
    }

    [Fact]
    public async Task RevisionIgnored_AnotherRevisionOfTheModel_IsAnotherKey()
    {
        using var machine = new Machine();
        var first = await machine.RunAsync(Config);
        machine.Origin.Put("model.bin", TestBytes.Of(5000, seed: 2));
        machine.Time.Advance(TimeSpan.FromHours(1));

        var second = await machine.RunAsync(Config);

        Assert.NotEqual(first.Passes[0].Key, second.Passes[0].Key);
        Assert.Equal(2, machine.Pass.Runs);
    }

    [Fact]
    public async Task OfflineFails_WithAStoredInput_RunsWithoutTheNetwork()
    {
        using var machine = new Machine();
        await machine.RunAsync(Config);
        machine.Origin.IsForbidden = true;
        machine.Time.Advance(TimeSpan.FromDays(30));

        var result = await machine.RunAsync(
            machine.Flow("""{"a":2}"""),
            new RunOptions { Pull = new Pull.PullOptions { Offline = true } }
        );

        Assert.Equal(StepOutcome.Computed, result.Passes[0].Outcome);
    }

    [Fact]
    public async Task FilesOfConfigurationNotHashed_AnEditedScript_IsAnotherKey()
    {
        using var machine = new Machine();
        await File.WriteAllTextAsync(machine["script.py"], "print(1)", Token);
        var first = await machine.RunAsync("""{"file":"script.py"}""");
        await File.WriteAllTextAsync(machine["script.py"], "print(2)", Token);

        var second = await machine.RunAsync("""{"file":"script.py"}""");

        Assert.NotEqual(first.Passes[0].Key, second.Passes[0].Key);
        Assert.Equal(2, machine.Pass.Runs);
    }

    [Fact]
    public async Task PathsAbsolute_TheSameFileInAnotherCheckout_IsTheSameKey()
    {
        using var first = new Machine();
        using var second = new Machine(first.Origin);
        await File.WriteAllTextAsync(first["script.py"], "print(1)", Token);
        await File.WriteAllTextAsync(second["script.py"], "print(1)", Token);

        Assert.Equal(
            (await first.RunAsync("""{"file":"script.py"}""")).Passes[0].Key,
            (await second.RunAsync("""{"file":"script.py"}""")).Passes[0].Key
        );
    }

    [Fact]
    public async Task VersionsNotHashed_AnotherVersionOfThePass_IsAnotherKey()
    {
        using var machine = new Machine();
        var first = await machine.RunAsync(Config);
        machine.Pass.Version = 2;

        Assert.NotEqual(first.Passes[0].Key, (await machine.RunAsync(Config)).Passes[0].Key);
        Assert.Equal(2, machine.Pass.Runs);
    }

    [Fact]
    public async Task EnvironmentNotInKey_AnotherRuntime_IsAnotherKey()
    {
        using var machine = new Machine();
        machine.Pass.Environment["onnxruntime"] = "1.29.0";
        var first = await machine.RunAsync(Config);
        machine.Pass.Environment["onnxruntime"] = "1.30.0";

        Assert.NotEqual(first.Passes[0].Key, (await machine.RunAsync(Config)).Passes[0].Key);
        Assert.Equal(2, machine.Pass.Runs);
    }

    [Fact]
    public async Task CachePerWorkflow_TheSamePassInAnotherWorkflow_IsAHit()
    {
        using var machine = new Machine();
        await machine.RunAsync(Config);
        var other = machine.Flow(Config, """{"b":2}""");
        other = other with { Passes = [other.Passes[0] with { Name = "called otherwise" }, other.Passes[1]] };

        var result = await machine.RunAsync(other);

        Assert.Equal([StepOutcome.LocalHit, StepOutcome.Computed], result.Passes.Select(pass => pass.Outcome));
    }

    [Fact]
    public async Task EvaluatorNotInKey_AnotherOptionOfTheEvaluation_IsMeasuredAgain()
    {
        using var machine = new Machine();
        await machine.RunAsync(WithEvaluation(machine, []));

        var result = await machine.RunAsync(WithEvaluation(machine, new JsonObject { ["runs"] = 5 }));

        Assert.Equal(StepOutcome.Computed, result.Evaluations[0].Outcome);
        Assert.Equal(2, machine.Evaluation.Runs);
    }

    [Fact]
    public async Task NegativeCacheForEver_AFailure_IsForgottenAfterItsTime()
    {
        using var machine = new Machine();
        machine.Pass.Instead = (_, _) => throw new PassException(PassFailure.Permanent, "No.");
        await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config));
        machine.Pass.Instead = null;
        machine.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));

        Assert.Equal(StepOutcome.Computed, (await machine.RunAsync(Config)).Passes[0].Outcome);
    }

    [Fact]
    public async Task FailedCachedForOtherExceptions_AnErrorOfTheProgram_IsForgottenAfterAMinute()
    {
        using var machine = new Machine();
        machine.Pass.Instead = (_, _) => throw new HttpRequestException("The hub is down.");
        await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config));
        machine.Pass.Instead = null;
        machine.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(StepOutcome.Computed, (await machine.RunAsync(Config)).Passes[0].Outcome);
    }

    [Fact]
    public async Task DeletedModelStillHits_FilesRemovedByHand_AreComputedAgain()
    {
        using var machine = new Machine();
        var first = await machine.RunAsync(Config);
        Directory.Delete(Path.Join(machine.Cache.StorePath, "snapshots", first.Passes[0].Manifest.ToString()), true);
        foreach (var file in first.Output.Manifest.Files)
            File.Delete(BlobOf(machine, file.Digest));

        using var second = await machine.Runner.RunAsync(machine.Flow(Config), cancellationToken: Token);

        Assert.Equal(StepOutcome.Computed, second.Passes[0].Outcome);
        Assert.True(File.Exists(Path.Join(second.Output.Path, "model.bin")));
    }

    [Fact]
    public async Task FinalModelDownloadedAgain_OnTheNextRun_IsLocal()
    {
        var team = new FakeSharedStore();
        using (var first = new Machine(shared: team))
            await first.RunAsync(Config);
        using var second = new Machine(shared: team);
        Assert.Equal(StepOutcome.SharedHit, (await second.RunAsync(Config)).Passes[0].Outcome);
        team.ForgetRequests();

        var again = await second.RunAsync(Config);

        Assert.Equal(StepOutcome.LocalHit, again.Passes[0].Outcome);
        Assert.DoesNotContain(team.Requests, request => request.Verb == "open");
    }

    [Fact]
    public async Task IntermediateDownloaded_WhenTheNextPassHits_IsNot()
    {
        var team = new FakeSharedStore();
        using (var first = new Machine(shared: team))
            await first.RunAsync(Config, """{"b":2}""");
        using var second = new Machine(shared: team);

        var result = await second.RunAsync(Config, """{"b":2}""");

        Assert.Equal(0, result.Passes[0].BytesFetched);
        Assert.DoesNotContain(second.Cache.List(), model => model.Digest == result.Passes[0].Manifest);
    }

    [Fact]
    public async Task LocalHitBreaksTheSharedChain_ALocalPassBeforeASharedOne_BothHit()
    {
        var team = new FakeSharedStore();
        using (var first = new Machine(shared: team))
            await first.RunAsync(Config, """{"b":2}""");
        using var second = new Machine(shared: team, sharing: new Sharing.SharedCacheOptions { Leases = false });
        await second.RunAsync(Config);

        var result = await second.RunAsync(Config, """{"b":2}""");

        Assert.Equal([StepOutcome.LocalHit, StepOutcome.SharedHit], result.Passes.Select(pass => pass.Outcome));
    }

    [Fact]
    public async Task IdCutTo8Digits_Keys_AreWholeDigests()
    {
        using var machine = new Machine();
        var result = await machine.RunAsync(Config);

        Assert.Equal(64, result.Passes[0].Key.ToString().Length);
        Assert.True(File.Exists(EntryOf(machine, result.Passes[0].Key)));
    }

    [Fact]
    public async Task ReuseCacheOverwritesThePassBefore_WritingIntoTheInput_IsRefused()
    {
        using var machine = new Machine();
        await machine.RunAsync(Config);
        machine.Pass.Instead = (run, _) =>
        {
            var path = Path.Join(run.InputPath, "model.bin");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.WriteAllText(path, "in place");
            File.Copy(path, Path.Join(run.OutputPath, "model.bin"));
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config, """{"b":2}"""));
        machine.Pass.Instead = null;

        using var first = await machine.Runner.RunAsync(machine.Flow(Config), cancellationToken: Token);

        Assert.Equal(
            FakePass.Transform(TestBytes.Of(5000), new JsonObject { ["a"] = 1 }),
            await File.ReadAllBytesAsync(Path.Join(first.Output.Path, "model.bin"), Token)
        );
    }

    [Fact]
    public async Task CleanCacheUnderAnotherRun_ClearWhileAResultIsHeld_LeavesItsFiles()
    {
        using var machine = new Machine();
        using var result = await machine.Runner.RunAsync(machine.Flow(Config), cancellationToken: Token);

        await machine.Cache.ClearAsync(reference: null, Token);

        Assert.True(File.Exists(Path.Join(result.Output.Path, "model.bin")));
    }

    private static Workflow WithEvaluation(Machine machine, JsonObject config) =>
        machine.Flow(Config) with
        {
            Evaluations = [new WorkflowEvaluation("e", "bytes", config)],
        };

    private static Task CopyAsync(PassRun run, CancellationToken cancellationToken)
    {
        foreach (var file in run.Input.Files)
            File.WriteAllBytes(
                Path.Join(run.OutputPath, file.Path),
                File.ReadAllBytes(Path.Join(run.InputPath, file.Path))
            );
        return Task.CompletedTask;
    }

    private static string EntryOf(Machine machine, Digest key) =>
        Fanned(Path.Join(machine.Cache.StorePath, "entries", "pass"), key, ".json");

    private static string BlobOf(Machine machine, Digest blob) =>
        Fanned(Path.Join(machine.Cache.StorePath, "blobs", "sha256"), blob, "");

    private static string Fanned(string directory, Digest digest, string suffix) =>
        Path.Join(directory, digest.ToString()[..2], digest.ToString()[2..] + suffix);
}
