using System.Text.Json.Nodes;
using static Larder.Passes.Commands.Tests.CommandHarness;

namespace Larder.Passes.Commands.Tests;

public sealed class CommandEvaluationTests : IDisposable
{
    private readonly CommandHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Run_LastLineOfOutput_HasTheFigures()
    {
        var figures = await _harness.EvaluateAsync(
            Shell(
                """echo measuring; echo "{\"bytes\": $(wc -c < {input}/model.bin), \"share\": 5e-1}"; echo done >&2"""
            )
        );

        Assert.Equal(new Dictionary<string, double> { ["bytes"] = 7, ["share"] = 0.5 }, figures);
    }

    [Fact]
    public async Task Run_FileOfFigures_ComesBeforeTheOutput()
    {
        var figures = await _harness.EvaluateAsync(
            new JsonObject
            {
                ["run"] = new JsonArray("sh", "-c", """echo '{"a": 1}'; echo '{"b": 2}' > "$0" """, "{metrics}"),
            }
        );

        Assert.Equal(new Dictionary<string, double> { ["b"] = 2 }, figures);
    }

    [Fact]
    public async Task Run_WithTheOriginal_HasTheModelThatTheWorkflowBeganWith()
    {
        var original = Directory.CreateDirectory(_harness["original"]).FullName;
        File.WriteAllText(Path.Combine(original, "model.bin"), "twice as large");

        var figures = await _harness.EvaluateAsync(
            Shell("""echo "{\"before\": $(wc -c < {original}/model.bin), \"after\": $(wc -c < {input}/model.bin)}" """),
            original
        );

        Assert.Equal(new Dictionary<string, double> { ["before"] = 14, ["after"] = 7 }, figures);
    }

    [Theory]
    [InlineData("true", "is empty")]
    [InlineData("echo done", "is no JSON: 'done'")]
    [InlineData("echo 0.93", "is no object")]
    [InlineData("echo '{}'", "has no figure")]
    [InlineData("""echo '{"a": "1"}'""", "'a', which is no number")]
    [InlineData("""echo '{"a": 1e999}'""", "'a', which is no number")]
    [InlineData("""echo '{"a": 1, "a": 2}'""", "'a' twice")]
    [InlineData("""echo '{"": 1}'""", "a figure whose name")]
    [InlineData("head -c 2000000 /dev/zero > $LARDER_METRICS", "more than 1048576 bytes")]
    public async Task Run_NoFigures_FailsForGood(string script, string words)
    {
        var failure = await Assert.ThrowsAsync<PassException>(() => _harness.EvaluateAsync(Shell(script)));

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Contains("""{"accuracy": 0.93}""", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BadEnd_Fails()
    {
        var failure = await Assert.ThrowsAsync<PassException>(() =>
            _harness.EvaluateAsync(Shell("""echo '{"a": 1}'; exit 2"""))
        );

        Assert.Contains("exit code 2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OutputPlace_IsNoneOfAnEvaluation()
    {
        var wrong = Assert.Throws<WorkflowException>(() =>
            new CommandEvaluation().Plan(_harness.Request(Shell("cp a {output}")))
        );

        Assert.Contains(
            "There is no {output} here; there are {input}, {metrics}",
            wrong.Message,
            StringComparison.Ordinal
        );
    }
}
