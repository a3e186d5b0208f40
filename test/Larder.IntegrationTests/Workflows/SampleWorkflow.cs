using Larder.TestKit;
using ModelGenerator.WorkflowModels;

namespace Larder.IntegrationTests.Workflows;

/// <summary>The sample workflow with its model, which is generated and not checked in.</summary>
internal static class SampleWorkflow
{
    /// <summary>Lays the workflow and its model out in a directory.</summary>
    public static void CopyTo(string directory)
    {
        File.Copy(
            Path.Combine(Repository.Root, "samples", "workflows", "optimise.json"),
            Path.Combine(directory, "optimise.json")
        );
        WorkflowModel.Write(Path.Combine(directory, "model"));
    }
}
