using Larder.Passes.Running;
using Larder.Passes.Tests.Running;
using Larder.TestKit;

namespace Larder.Passes.Tests.Failures;

public sealed class FailureMemoryTests
{
    private const string Config = """{"a":1}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PassFailure.Permanent, 24 * 60)]
    [InlineData(PassFailure.Transient, 1)]
    [InlineData(PassFailure.Environment, 5)]
    public async Task RunAsync_AfterAFailure_FailsAtOnceUntilItIsForgotten(PassFailure kind, int minutes)
    {
        using var machine = new Machine();
        machine.Pass.Instead = (_, _) => throw new PassException(kind, "It has no such operator.");
        var first = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config));
        machine.Pass.Instead = null;
        machine.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(30));

        var second = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config));

        Assert.Equal("'p1' (fake): It has no such operator.", first.Message);
        Assert.Equal(kind, second.Failure);
        Assert.Contains("It has no such operator", second.Message, StringComparison.Ordinal);
        Assert.Contains("remembered until", second.Message, StringComparison.Ordinal);
        Assert.Contains("--retry", second.Message, StringComparison.Ordinal);
        Assert.Equal(1, machine.Pass.Runs);

        machine.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(StepOutcome.Computed, (await machine.RunAsync(Config)).Passes[0].Outcome);
    }

    [Fact]
    public async Task RunAsync_Retry_RunsWhatFailedAndForgetsIt()
    {
        using var machine = new Machine();
        machine.Pass.Instead = (_, _) => throw new PassException(PassFailure.Permanent, "No.");
        await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config));
        machine.Pass.Instead = null;

        var result = await machine.RunAsync(machine.Flow(Config), new RunOptions { Retry = true });
        await machine.ForgetAllOfAsync(result.Passes[0]);

        Assert.Equal(StepOutcome.Computed, (await machine.RunAsync(Config)).Passes[0].Outcome);
    }

    [Fact]
    public async Task RunAsync_RememberedFailure_IsToldBeforeAnythingIsPulledOrRun()
    {
        using var machine = new Machine();
        await machine.RunAsync(Config);
        machine.Pass.Instead = (_, _) => throw new PassException(PassFailure.Permanent, "No.");
        await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config, """{"b":2}"""));
        await machine.ForgetAllOfAsync((await machine.RunAsync(Config)).Passes[0]);
        await machine.Cache.ClearAsync(FakeOrigin.Reference(), Token);
        machine.Pass.Instead = null;
        machine.Origin.Opening.Close();

        await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config, """{"b":2}"""));

        Assert.Equal(2, machine.Pass.Runs);
    }

    [Fact]
    public async Task RunAsync_AnyOtherException_IsTransientAndNamesItsType()
    {
        using var machine = new Machine();
        machine.Pass.Instead = (_, _) => throw new InvalidCastException("Odd.");

        var failure = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config));

        Assert.Equal(PassFailure.Transient, failure.Failure);
        Assert.Equal("'p1' (fake): It threw InvalidCastException: Odd.", failure.Message);
        Assert.IsType<InvalidCastException>(failure.InnerException);
    }

    [Fact]
    public async Task RunAsync_ItsOwnCancellation_IsAFailureOfThePass()
    {
        using var machine = new Machine();
        machine.Pass.Instead = (_, _) => throw new OperationCanceledException("Its server left.");

        var failure = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config));

        Assert.Equal(PassFailure.Transient, failure.Failure);
    }

    [Fact]
    public async Task RunAsync_DiskIsFullOrNoMemory_IsOfTheEnvironment()
    {
        using var machine = new Machine();
        foreach (
            var thrown in new Exception[]
            {
                new IOException("No space left.", 28),
                new InsufficientMemoryException("None."),
            }
        )
        {
            machine.Pass.Instead = (_, _) => throw thrown;
            var failure = await Assert.ThrowsAsync<PassException>(() =>
                machine.RunAsync(machine.Flow(Config), new RunOptions { Retry = true })
            );
            Assert.Equal(PassFailure.Environment, failure.Failure);
        }
    }

    [Fact]
    public async Task RunAsync_Failure_CarriesTheOutputOfItsProgram()
    {
        using var machine = new Machine();
        machine.Pass.Instead = (_, _) =>
            throw new PassException(PassFailure.Permanent, "It ended with 1.") { Output = "Traceback" };

        var failure = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(Config));

        Assert.Equal("Traceback", failure.Output);
    }

    [Fact]
    public async Task RunAsync_FailureOnOneMachine_IsNoneOfAnother()
    {
        var team = new FakeSharedStore();
        using var first = new Machine(shared: team);
        first.Pass.Instead = (_, _) => throw new PassException(PassFailure.Permanent, "No.");
        await Assert.ThrowsAsync<PassException>(() => first.RunAsync(Config));

        using var second = new Machine(first.Origin, team);

        Assert.Equal(StepOutcome.Computed, (await second.RunAsync(Config)).Passes[0].Outcome);
        // And the first has the other's answer, whatever it remembers.
        Assert.Equal(StepOutcome.SharedHit, (await first.RunAsync(Config)).Passes[0].Outcome);
    }

    [Fact]
    public async Task RunAsync_EvaluationFails_IsRememberedToo()
    {
        using var machine = new Machine();
        machine.Evaluation.Instead = _ => new Dictionary<string, double> { ["x"] = double.NaN };
        var flow = machine.Flow(Config) with { Evaluations = [new WorkflowEvaluation("e", "bytes", [])] };

        var first = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(flow));
        var second = await Assert.ThrowsAsync<PassException>(() => machine.RunAsync(flow));

        Assert.Equal("'e' (bytes): Its figure 'x' is NaN, which is no number.", first.Message);
        Assert.Contains("remembered until", second.Message, StringComparison.Ordinal);
        Assert.Equal(1, machine.Evaluation.Runs);
    }
}
