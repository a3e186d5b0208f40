using System.Text;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Passes.Keys;
using Larder.Passes.Running;
using Larder.TestKit;

namespace Larder.Passes.Tests.Keys;

public sealed class StepKeysTests
{
    private static readonly Digest SomeDigest = Digest.Of("model"u8);

    [Fact]
    public void OfPass_Request_IsTheDocumentedOne()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory["data.txt"], "data");
        var step = Step(
            new StepFacts
            {
                Config = new JsonObject { ["b"] = 1.0, ["a"] = "x" },
                Environment = new Dictionary<string, string> { ["onnxruntime"] = "1.30.0" },
                Files = new Dictionary<string, string> { ["data.txt"] = directory["data.txt"] },
            }
        );

        var key = StepKeys.OfPass(step, StepKeys.Bytes(SomeDigest));

        Assert.Equal(
            $$$"""{"config":{"a":"x","b":1},"environment":{"onnxruntime":"1.30.0"},"files":{"data.txt":"{{{Digest.Of("data"u8)}}}"},"input":{"manifest":"{{{SomeDigest}}}"},"kind":"pass","pass":{"name":"fake","version":3},"version":1}""",
            Encoding.UTF8.GetString(key.Request.Span)
        );
        Assert.Equal("pass", key.Kind);
    }

    [Fact]
    public void OfPass_AfterAnother_StandsOnItsWholeKey()
    {
        var step = Step(new StepFacts { Config = [] });
        var first = StepKeys.OfPass(step, StepKeys.Bytes(SomeDigest));

        var second = StepKeys.OfPass(step, StepKeys.ResultOf(first));

        Assert.Contains(
            $$"""{"pass":"{{first.Digest}}"}""",
            Encoding.UTF8.GetString(second.Request.Span),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void OfEvaluation_Request_IsTheDocumentedOne()
    {
        var step = Step(new StepFacts { Config = [] });

        var key = StepKeys.OfEvaluation(step, StepKeys.Bytes(SomeDigest), StepKeys.Bytes(SomeDigest));

        Assert.Equal(
            $$$"""{"config":{},"environment":{},"evaluation":{"name":"fake","version":3},"files":{},"input":{"manifest":"{{{SomeDigest}}}"},"kind":"evaluation","of":{"manifest":"{{{SomeDigest}}}"},"version":1}""",
            Encoding.UTF8.GetString(key.Request.Span)
        );
    }

    [Fact]
    public void OfPass_NumberThatNotEveryReaderReadsTheSame_IsAFault()
    {
        var step = Step(new StepFacts { Config = JsonNode.Parse("""{"seed":9007199254740993}""")!.AsObject() });

        var wrong = Assert.Throws<WorkflowException>(() => StepKeys.OfPass(step, StepKeys.Bytes(SomeDigest)));

        Assert.Equal("$.passes[0].config", Assert.Single(wrong.Faults).Path);
    }

    private static PlannedStep Step(StepFacts facts)
    {
        var faults = new List<WorkflowFault>();
        var files = StepFiles.Read(facts.Files, "$.passes[0].config", faults, TestContext.Current.CancellationToken);
        Assert.Empty(faults);
        return new PlannedStep("p", "fake", 3, "$.passes[0].config", facts, files);
    }
}
