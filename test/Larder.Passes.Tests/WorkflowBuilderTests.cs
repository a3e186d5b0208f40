using Larder.Content;
using Larder.Origins;
using Larder.Passes.Documents;
using Larder.Passes.Documents.Tests;

namespace Larder.Passes.Tests;

public sealed class WorkflowBuilderTests
{
    [Fact]
    public void Build_EveryStep_IsTheWorkflowOfTheSameFile()
    {
        var digest = Digest.Of("a"u8);

        var built = Workflow
            .From("hf://org/repo@v1")
            .In("/srv/flows")
            .Include("*.onnx", "*.json")
            .Exclude("old/")
            .AtVersion(digest)
            .Pass("onnx-optimize")
            .Pass("onnx-quantize", new() { ["per_channel"] = true }, name: "int8")
            .Evaluate("onnx-latency", new() { ["runs"] = 20 }, of: "int8", name: "speed")
            .OutputTo("out")
            .ShareThrough("s3://bucket/prefix")
            .Build();

        WorkflowDocumentTests.AssertSame(
            WorkflowDocument.Parse(
                $$"""
                {
                  "input": {"reference": "hf://org/repo@v1", "include": ["*.onnx", "*.json"], "exclude": ["old/"], "digest": "{{digest}}"},
                  "passes": [{"type": "onnx-optimize"}, {"name": "int8", "type": "onnx-quantize", "config": {"per_channel": true} }],
                  "evaluations": [{"name": "speed", "type": "onnx-latency", "of": "int8", "config": {"runs": 20} }],
                  "output": "out",
                  "shared": {"url": "s3://bucket/prefix"}
                }
                """,
                "/srv/flows"
            ),
            built
        );
    }

    [Fact]
    public void Build_LeastSteps_HasTheDefaults()
    {
        var built = Workflow.From("models/a").Build();

        Assert.Equal(ModelReference.OfPath("models/a"), built.Input.Reference);
        Assert.Equal(Directory.GetCurrentDirectory(), built.BaseDirectory);
        Assert.Null(built.Shared);
    }

    [Fact]
    public void Build_ConfigChangedAfterwards_IsNotChanged()
    {
        var config = new System.Text.Json.Nodes.JsonObject { ["a"] = 1 };
        var builder = Workflow.From("models/a").Pass("command", config, "first").Pass("command", config, "second");

        config["a"] = 2;

        Assert.All(builder.Build().Passes, pass => Assert.Equal("""{"a":1}""", pass.Config.ToJsonString()));
    }

    [Fact]
    public void Build_SharingOff_IsOff() =>
        Assert.Equal(WorkflowSharing.Off, Workflow.From("a").ShareThrough(WorkflowSharing.Off).Build().Shared);

    [Fact]
    public void Build_Faults_AreThoseOfAFile()
    {
        var wrong = Assert.Throws<WorkflowException>(() =>
            Workflow
                .From("https://user:s3cr3t@host/a")
                .Pass("command")
                .Pass("command")
                .Evaluate("onnx-latency", of: "none")
                .ShareThrough("ftp://host")
                .Build()
        );

        Assert.Equal(
            ["$.input.reference", "$.passes[1].name", "$.evaluations[0].of", "$.shared.url"],
            wrong.Faults.Select(fault => fault.Path)
        );
    }
}
