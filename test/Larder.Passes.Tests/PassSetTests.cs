using Larder.Passes.Tests.Running;

namespace Larder.Passes.Tests;

public sealed class PassSetTests
{
    [Fact]
    public void Constructor_TwoOfOneName_Refuses()
    {
        Assert.Throws<ArgumentException>(() => new PassSet([new FakePass("a"), new FakePass("a")], []));
        Assert.Throws<ArgumentException>(() => new PassSet([], [new FakeEvaluation(), new FakeEvaluation()]));
    }

    [Fact]
    public void Passes_AreInTheOrderOfTheirNames() =>
        Assert.Equal(
            ["a", "b"],
            new PassSet([new FakePass("b"), new FakePass("a")], []).Passes.Select(pass => pass.Name)
        );

    [Theory]
    [InlineData("quantise", "Did you mean 'quantize'?")]
    [InlineData("something", "Known are optimize, quantize.")]
    public void FindPass_Unknown_TellsWhatThereIs(string name, string said)
    {
        var faults = new List<WorkflowFault>();

        Assert.Null(
            new PassSet([new FakePass("quantize"), new FakePass("optimize")], []).FindPass(name, "$.p", faults)
        );

        Assert.Contains(said, Assert.Single(faults).Message, StringComparison.Ordinal);
    }
}
