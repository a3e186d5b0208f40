using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Passes.Running;
using Larder.TestKit;

namespace Larder.Passes.Tests.Running;

public sealed class WorkflowRunnerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_FirstTime_ComputesEachPassOnTheResultOfTheOneBefore()
    {
        using var machine = new Machine();
        using var result = await machine.Runner.RunAsync(
            machine.Flow("""{"a":1}""", """{"b":2}"""),
            cancellationToken: Token
        );

        var first = FakePass.Transform(TestBytes.Of(5000), new JsonObject { ["a"] = 1 });
        var second = FakePass.Transform(first, new JsonObject { ["b"] = 2 });
        Assert.Equal(second, await File.ReadAllBytesAsync(Path.Join(result.Output.Path, "model.bin"), Token));
        Assert.Equal([StepOutcome.Computed, StepOutcome.Computed], result.Passes.Select(pass => pass.Outcome));
        Assert.Equal(2, machine.Pass.Runs);
        Assert.Equal(5000, result.BytesFetched);
        Assert.Equal(5000, result.InputBytes);
        Assert.NotNull(result.InputManifest);
        Assert.Equal(second.Length, result.Passes[1].SizeBytes);
        Assert.Equal(result.Output.Manifest.Digest, result.Passes[1].Manifest);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task RunAsync_Again_IsAllHitsWithoutPassAndOrigin()
    {
        using var machine = new Machine();
        var first = await machine.RunAsync("""{"a":1}""", """{"b":2}""");
        machine.Origin.IsForbidden = true;

        var second = await machine.RunAsync("""{"a":1}""", """{"b":2}""");

        Assert.All(second.Passes, pass => Assert.Equal(StepOutcome.LocalHit, pass.Outcome));
        Assert.Equal(first.Passes.Select(pass => pass.Key), second.Passes.Select(pass => pass.Key));
        Assert.Equal(2, machine.Pass.Runs);
        Assert.Equal(0, second.BytesFetched);
        Assert.Equal((first.InputManifest, 5000L), (second.InputManifest, second.InputBytes));
    }

    [Fact]
    public async Task RunAsync_OneOptionOfTheMiddleChanged_HitsUpToThere()
    {
        using var machine = new Machine();
        await machine.RunAsync("""{"a":1}""", """{"b":2}""", """{"c":3}""");

        var changed = await machine.RunAsync("""{"a":1}""", """{"b":20}""", """{"c":3}""");

        Assert.Equal(
            [StepOutcome.LocalHit, StepOutcome.Computed, StepOutcome.Computed],
            changed.Passes.Select(pass => pass.Outcome)
        );
        Assert.Equal(5, machine.Pass.Runs);
    }

    [Fact]
    public async Task RunAsync_OnlyTheLastResultIsLeft_NeitherPullsNorComputes()
    {
        using var machine = new Machine();
        var first = await machine.RunAsync("""{"a":1}""", """{"b":2}""");
        await machine.ForgetAllOfAsync(first.Passes[0]);
        machine.Origin.IsForbidden = true;

        var second = await machine.RunAsync("""{"a":1}""", """{"b":2}""");

        Assert.Equal([StepOutcome.NotNeeded, StepOutcome.LocalHit], second.Passes.Select(pass => pass.Outcome));
        Assert.Equal(2, machine.Pass.Runs);
    }

    [Fact]
    public async Task RunAsync_LastResultDamaged_IsComputedAgainFromTheOneBefore()
    {
        using var machine = new Machine();
        var first = await machine.RunAsync("""{"a":1}""", """{"b":2}""");
        Damage(machine, first.Passes[1].Manifest!.Value);

        var second = await machine.RunAsync("""{"a":1}""", """{"b":2}""");

        Assert.Equal([StepOutcome.LocalHit, StepOutcome.Computed], second.Passes.Select(pass => pass.Outcome));
        Assert.Equal(first.Passes[1].Manifest, second.Passes[1].Manifest);
        Assert.Equal(3, machine.Pass.Runs);
        Assert.Contains(second.Warnings, warning => warning.Contains("missing or damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_AllResultsDamaged_IsComputedFromTheInput()
    {
        using var machine = new Machine();
        var first = await machine.RunAsync("""{"a":1}""", """{"b":2}""");
        foreach (var pass in first.Passes)
            Damage(machine, pass.Manifest!.Value);

        var second = await machine.RunAsync("""{"a":1}""", """{"b":2}""");

        Assert.All(second.Passes, pass => Assert.Equal(StepOutcome.Computed, pass.Outcome));
        Assert.Equal(first.Output.Manifest.Digest, second.Output.Manifest.Digest);
    }

    [Fact]
    public async Task RunAsync_AnotherWayLedToTheSameBytes_IsAHitByContent()
    {
        using var machine = new Machine();
        await machine.RunAsync("""{"constant":"same","way":1}""", """{"b":2}""");

        var other = await machine.RunAsync("""{"constant":"same","way":2}""", """{"b":2}""");

        Assert.Equal([StepOutcome.Computed, StepOutcome.LocalHit], other.Passes.Select(pass => pass.Outcome));
        Assert.True(other.Passes[1].ByContent);
        Assert.Equal(3, machine.Pass.Runs);
        // From now on nobody need know the bytes.
        var again = await machine.RunAsync("""{"constant":"same","way":2}""", """{"b":2}""");
        Assert.False(again.Passes[1].ByContent);
        Assert.Equal(StepOutcome.LocalHit, again.Passes[1].Outcome);
    }

    [Fact]
    public async Task RunAsync_OtherOriginWithTheSameBytes_IsAHitByContentBeforeThePass()
    {
        using var machine = new Machine();
        await machine.RunAsync("""{"a":1}""");
        var other = machine.Flow("""{"a":1}""") with { Input = new WorkflowInput(FakeOrigin.Reference("another")) };

        var result = await machine.RunAsync(other);

        Assert.Equal(StepOutcome.LocalHit, Assert.Single(result.Passes).Outcome);
        Assert.True(result.Passes[0].ByContent);
        Assert.Equal(1, machine.Pass.Runs);
    }

    [Fact]
    public async Task RunAsync_NoPasses_GivesTheInput()
    {
        using var machine = new Machine();
        using var result = await machine.Runner.RunAsync(machine.Flow(), cancellationToken: Token);

        Assert.Empty(result.Passes);
        Assert.Equal(
            TestBytes.Of(5000),
            await File.ReadAllBytesAsync(Path.Join(result.Output.Path, "model.bin"), Token)
        );
    }

    [Fact]
    public async Task RunAsync_WithOutput_LaysTheModelOutAndKeepsWhatIsTheUsers()
    {
        using var machine = new Machine();
        Directory.CreateDirectory(machine["out"]);
        await File.WriteAllTextAsync(machine["out/mine.txt"], "mine", Token);
        var flow = machine.Flow("""{"a":1}""") with { Output = machine["out"] };

        var result = await machine.RunAsync(flow);

        Assert.Equal(1, result.Output.LaidOut!.FilesWritten);
        Assert.Equal(
            FakePass.Transform(TestBytes.Of(5000), new JsonObject { ["a"] = 1 }),
            await File.ReadAllBytesAsync(machine["out/model.bin"], Token)
        );
        Assert.Equal("mine", await File.ReadAllTextAsync(machine["out/mine.txt"], Token));
        Assert.Equal(1, (await machine.RunAsync(flow)).Output.LaidOut!.FilesKept);
    }

    [Fact]
    public async Task RunAsync_OutputIsAFile_FailsBeforeAnyPassIsRun()
    {
        using var machine = new Machine();
        await File.WriteAllTextAsync(machine["out"], "", Token);

        await Assert.ThrowsAsync<Pull.Targets.LayOutException>(() =>
            machine.RunAsync(machine.Flow("""{"a":1}""") with { Output = machine["out"] })
        );

        Assert.Equal(0, machine.Pass.Runs);
    }

    [Fact]
    public async Task RunAsync_Evaluations_AreComputedOnceAndAreHitsAfterwards()
    {
        using var machine = new Machine();
        var flow = machine.Flow("""{"a":1}""", """{"b":2}""") with
        {
            Evaluations =
            [
                new WorkflowEvaluation("last", "bytes", []),
                new WorkflowEvaluation("first", "bytes", []) { Of = "p1" },
            ],
        };

        var first = await machine.RunAsync(flow);
        machine.Origin.IsForbidden = true;
        var second = await machine.RunAsync(flow);

        Assert.Equal((double?)first.Passes[1].SizeBytes, first.Evaluations[0].Metrics["bytes"]);
        Assert.Equal((double?)first.Passes[0].SizeBytes, first.Evaluations[1].Metrics["bytes"]);
        Assert.Equal("p1", first.Evaluations[1].Of);
        Assert.All(second.Evaluations, evaluation => Assert.Equal(StepOutcome.LocalHit, evaluation.Outcome));
        Assert.Equal(
            first.Evaluations.Select(evaluation => evaluation.Metrics["bytes"]),
            second.Evaluations.Select(evaluation => evaluation.Metrics["bytes"])
        );
        Assert.Equal(2, machine.Evaluation.Runs);
    }

    [Fact]
    public async Task RunAsync_EvaluationThatNeedsTheInput_HasItAndItIsPartOfTheKey()
    {
        using var machine = new Machine();
        var flow = machine.Flow("""{"a":1}""") with { Evaluations = [new WorkflowEvaluation("e", "bytes", [])] };
        var without = await machine.RunAsync(flow);
        machine.Evaluation.NeedsInput = true;

        var with = await machine.RunAsync(flow);

        Assert.Equal(-1, without.Evaluations[0].Metrics["input_files"]);
        Assert.Equal(1, with.Evaluations[0].Metrics["input_files"]);
        Assert.NotEqual(without.Evaluations[0].Key, with.Evaluations[0].Key);
    }

    [Fact]
    public async Task RunAsync_FiguresMissALimit_TellsItKeepsThemAndLaysNothingOut()
    {
        using var machine = new Machine();
        machine.Evaluation.Missed = figures => [$"'bytes' is {figures["bytes"]}."];
        var flow = machine.Flow("""{"a":1}""") with
        {
            Evaluations = [new WorkflowEvaluation("e", "bytes", [])],
            Output = machine["out"],
        };

        var missed = await machine.RunAsync(flow);
        machine.Evaluation.Missed = static _ => [];
        var kept = await machine.RunAsync(flow);

        Assert.True(missed.HasMissedLimits);
        Assert.Equal([$"'bytes' is {missed.Passes[0].SizeBytes}."], missed.Evaluations[0].Missed);
        Assert.Null(missed.Output.LaidOut);
        Assert.False(kept.HasMissedLimits);
        Assert.NotNull(kept.Output.LaidOut);
        Assert.Equal(1, machine.Evaluation.Runs);
    }

    [Fact]
    public async Task RunAsync_StoredFiguresAreNone_AreMeasuredAgain()
    {
        using var machine = new Machine();
        var flow = machine.Flow("""{"a":1}""") with { Evaluations = [new WorkflowEvaluation("e", "bytes", [])] };
        var first = await machine.RunAsync(flow);
        var entry = machine.Cache.List().Single(model => model.Key == first.Evaluations[0].Key);
        var key = EntryKey.Of(JsonNode.Parse(entry.Request)!.AsObject());
        foreach (var stored in machine.Cache.List().Where(model => model.Kind == "evaluation"))
            await machine.ForgetAsync(stored.Key);
        using (var writer = await machine.Cache.WriteAsync(key, 0, Token))
        {
            await File.WriteAllTextAsync(Path.Join(writer.Path, "metrics.json"), "[]", Token);
            Assert.True(await writer.CommitAsync(new Derived.DerivedSource("x", entry.Digest, TimeSpan.Zero), Token));
        }

        var second = await machine.RunAsync(flow);

        Assert.Equal(StepOutcome.Computed, second.Evaluations[0].Outcome);
        Assert.Equal(first.Evaluations[0].Metrics, second.Evaluations[0].Metrics);
    }

    [Fact]
    public async Task RunAsync_DirectoryChangedSinceItWasPulled_ComputesAnew()
    {
        using var machine = new Machine();
        var directory = Directory.CreateDirectory(machine["model"]).FullName;
        var path = Path.Join(directory, "model.bin");
        await File.WriteAllBytesAsync(path, TestBytes.Of(5000), Token);
        var flow = machine.Flow("""{"a":1}""") with
        {
            Input = new WorkflowInput(Origins.ModelReference.OfPath(directory)),
        };
        await machine.RunAsync(flow);
        // What was pulled a moment ago is fresh enough for a pull.
        await File.WriteAllBytesAsync(path, TestBytes.Of(5001, seed: 3), Token);

        using var second = await machine.Runner.RunAsync(flow, cancellationToken: Token);

        Assert.Equal(StepOutcome.Computed, second.Passes[0].Outcome);
        Assert.Empty(second.Warnings);
        Assert.Equal(
            FakePass.Transform(TestBytes.Of(5001, seed: 3), new JsonObject { ["a"] = 1 }),
            await File.ReadAllBytesAsync(Path.Join(second.Output.Path, "model.bin"), Token)
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_InputMovedWhileItWasPulled_BeginsAgainWithItsKeys(bool isCutOff)
    {
        using var machine = new Machine();
        var isMoved = false;
        void Move()
        {
            isMoved = true;
            machine.Origin.Put("model.bin", TestBytes.Of(5000, seed: 3));
        }
        if (isCutOff)
            machine.Origin.SendsInstead = _ =>
            {
                machine.Origin.SendsInstead = null;
                Move();
                throw new Origins.OriginException(Origins.OriginFailure.Changed, "fake", "It has changed.");
            };
        // The version that its keys began with is known by now.
        var told = new Telling(progress =>
        {
            if (progress.Stage == WorkflowStage.Pulling && !isMoved && !isCutOff)
                Move();
        });

        using var moved = await machine.Runner.RunAsync(
            machine.Flow("""{"a":1}"""),
            new RunOptions { Progress = told },
            Token
        );

        Assert.True(isMoved);
        Assert.Contains("got a new version", Assert.Single(moved.Warnings), StringComparison.Ordinal);
        Assert.Equal(
            FakePass.Transform(TestBytes.Of(5000, seed: 3), new JsonObject { ["a"] = 1 }),
            await File.ReadAllBytesAsync(Path.Join(moved.Output.Path, "model.bin"), Token)
        );
        var again = await machine.RunAsync("""{"a":1}""");
        Assert.Equal(moved.Passes[0].Key, again.Passes[0].Key);
        Assert.Equal(StepOutcome.LocalHit, again.Passes[0].Outcome);
        Assert.Equal(1, machine.Pass.Runs);
    }

    [Fact]
    public async Task RunAsync_OriginSendsOtherBytesThanItPromised_SaysSoAndNothingOfANewVersion()
    {
        var origin = new FakeOrigin().Put("model.bin", TestBytes.Of(5000), tellsDigest: true);
        origin.SendsInstead = _ => Task.FromResult<Stream>(new MemoryStream(TestBytes.Of(5000, seed: 9)));
        using var machine = new Machine(origin);

        var wrong = await Assert.ThrowsAsync<Transfer.IntegrityException>(() => machine.RunAsync("""{"a":1}"""));

        Assert.Contains("model.bin", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(0, machine.Pass.Runs);
    }

    [Fact]
    public async Task RunAsync_InputThatMovesEachTime_IsGivenUp()
    {
        using var machine = new Machine();
        var seed = 10;
        machine.Origin.SendsInstead = _ =>
        {
            machine.Origin.Put("model.bin", TestBytes.Of(5000, seed++));
            throw new Origins.OriginException(Origins.OriginFailure.Changed, "fake", "It has changed.");
        };

        var failure = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync("""{"a":1}"""));

        Assert.Equal(PassFailure.Transient, failure.Failure);
        Assert.Contains("got a new version each of the 3 times", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, machine.Pass.Runs);
    }

    [Fact]
    public async Task RunAsync_ManyFaults_TellsAllTogether()
    {
        using var machine = new Machine();
        var flow = machine.Flow("""{"file":"nowhere"}""") with
        {
            Passes =
            [
                new WorkflowPass("a", "fak", []),
                new WorkflowPass("a", "fake", new JsonObject { ["file"] = "nowhere.json" }),
            ],
            Evaluations = [new WorkflowEvaluation("e", "byte", []) { Of = "b" }],
        };

        var wrong = await Assert.ThrowsAsync<WorkflowException>(() => machine.RunAsync(flow));

        Assert.Contains(
            wrong.Faults,
            fault =>
                fault is { Path: "$.passes[0].type" }
                && fault.Message.Contains("Did you mean 'fake'?", StringComparison.Ordinal)
        );
        Assert.Contains(wrong.Faults, fault => fault is { Path: "$.passes[1].name" });
        Assert.Contains(
            wrong.Faults,
            fault =>
                fault is { Path: "$.passes[1].config" }
                && fault.Message.Contains("is not there", StringComparison.Ordinal)
        );
        Assert.Contains(
            wrong.Faults,
            fault =>
                fault is { Path: "$.evaluations[0].type" }
                && fault.Message.Contains("Did you mean 'bytes'?", StringComparison.Ordinal)
        );
        Assert.Contains(wrong.Faults, fault => fault is { Path: "$.evaluations[0].of" });
        Assert.Equal(5, wrong.Faults.Count);
    }

    [Fact]
    public async Task RunAsync_Progress_TellsWhatIsDone()
    {
        using var machine = new Machine();
        var stages = new List<WorkflowProgress>();
        machine.Pass.Instead = async (run, token) =>
        {
            run.Log("a line");
            await File.WriteAllTextAsync(Path.Join(run.OutputPath, "x"), "x", token);
        };

        await machine.RunAsync(machine.Flow("""{"a":1}"""), new RunOptions { Progress = new Telling(stages.Add) });

        Assert.Equal(
            [WorkflowStage.LookingUp, WorkflowStage.Pulling, WorkflowStage.Running, WorkflowStage.Running],
            stages.Select(progress => progress.Stage)
        );
        Assert.Equal(("p1", "a line"), (stages[^1].Step, stages[^1].Line));
    }

    private static void Damage(Machine machine, Digest manifest)
    {
        var path = Path.Join(machine.Cache.StorePath, "snapshots", manifest.ToString(), "model.bin");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(path, "damaged");
    }
}
