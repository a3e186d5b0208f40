using Larder.Passes.Running;
using Larder.TestKit;

namespace Larder.Passes.Tests.Running;

public sealed class ExplainerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ExplainAsync_NothingIsThere_RunsAndFetchesNothing()
    {
        using var machine = new Machine();
        machine.Origin.Opening.Close();

        var explanation = await machine.Runner.ExplainAsync(machine.Flow("""{"a":1}"""), cancellationToken: Token);

        var pass = Assert.Single(explanation.Passes);
        Assert.Equal(StepOutcome.Miss, pass.Outcome);
        Assert.Null(pass.Nearest);
        Assert.Contains("\"config\":{\"a\":1}", pass.Request, StringComparison.Ordinal);
        Assert.Equal(0, machine.Pass.Runs);
        Assert.Empty(machine.Cache.List());
    }

    [Fact]
    public async Task ExplainAsync_OneOptionDiffers_NamesItWithBothValues()
    {
        using var machine = new Machine();
        await machine.RunAsync("""{"per_channel":false,"x":[1,2]}""");
        await machine.RunAsync("""{"per_channel":false,"x":[7,8],"y":1}""");

        var explanation = await machine.Runner.ExplainAsync(
            machine.Flow("""{"per_channel":true,"x":[1,2]}"""),
            cancellationToken: Token
        );

        var difference = Assert.Single(explanation.Passes[0].Differences);
        Assert.Equal("config.per_channel: true here, false there", difference.ToString());
    }

    [Fact]
    public async Task ExplainAsync_HitsAndMisses_TellsWhereEachIs()
    {
        var team = new FakeSharedStore();
        using (var other = new Machine(new FakeOrigin().Put("model.bin", TestBytes.Of(5000)), team))
            await other.RunAsync("""{"a":1}""", """{"b":2}""");
        using var machine = new Machine(shared: team, sharing: new Sharing.SharedCacheOptions { Write = false });
        await machine.RunAsync("""{"a":1}""");
        await machine.ForgetAllOfAsync((await machine.RunAsync("""{"a":1}""")).Passes[0]);

        var explanation = await machine.Runner.ExplainAsync(
            machine.Flow("""{"a":1}""", """{"b":2}""", """{"c":3}"""),
            cancellationToken: Token
        );

        Assert.Equal(
            [StepOutcome.SharedHit, StepOutcome.SharedHit, StepOutcome.Miss],
            explanation.Passes.Select(pass => pass.Outcome)
        );
        Assert.Equal(0, machine.Pass.Runs);
    }

    [Fact]
    public async Task ExplainAsync_VersionOfThePassDiffers_SaysSo()
    {
        using var machine = new Machine();
        await machine.RunAsync("""{"a":1}""");
        machine.Pass.Version = 2;
        machine.Pass.Environment["onnxruntime"] = "1.30.0";

        var explanation = await machine.Runner.ExplainAsync(machine.Flow("""{"a":1}"""), cancellationToken: Token);

        Assert.Equal(
            ["environment.onnxruntime: \"1.30.0\" here, nothing there", "pass.version: 2 here, 1 there"],
            explanation.Passes[0].Differences.Select(difference => difference.ToString())
        );
    }

    [Fact]
    public async Task ExplainAsync_RememberedFailure_IsTold()
    {
        using var machine = new Machine();
        machine.Pass.Instead = (_, _) => throw new PassException(PassFailure.Permanent, "No.");
        await Assert.ThrowsAsync<PassException>(() => machine.RunAsync("""{"a":1}"""));

        var explanation = await machine.Runner.ExplainAsync(machine.Flow("""{"a":1}"""), cancellationToken: Token);

        Assert.Contains("No. That is remembered until", explanation.Passes[0].Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Explain_TellsWhyItWasComputed()
    {
        using var machine = new Machine();
        await machine.RunAsync("""{"a":1}""");

        var result = await machine.RunAsync(machine.Flow("""{"a":2}"""), new RunOptions { Explain = true });

        Assert.Equal(StepOutcome.Computed, result.Passes[0].Outcome);
        Assert.Equal("config.a: 2 here, 1 there", Assert.Single(result.Passes[0].Explanation!.Differences).ToString());
    }
}
