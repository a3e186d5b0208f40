using Larder.Passes;

namespace Larder.Cli.Tests.Page;

/// <summary>The snippet of <c>docs/workflows.md</c>.</summary>
internal static class WorkflowsPage
{
    public static Workflow Make()
    {
        var workflow = Workflow
            .From("hf://org/repo@v1.2")
            .Include("*.onnx", "*.json")
            .Pass("onnx-optimize")
            .Pass("onnx-quantize", new() { ["per_channel"] = true }, name: "int8")
            .Evaluate("onnx-latency", of: "int8", name: "speed")
            .OutputTo("out")
            .ShareThrough("s3://team-models/larder")
            .Build();
        return workflow;
    }
}
