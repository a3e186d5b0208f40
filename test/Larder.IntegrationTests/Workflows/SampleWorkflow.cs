using Larder.TestKit;

namespace Larder.IntegrationTests.Workflows;

/// <summary>The sample workflow with its model, which is generated and not checked in.</summary>
internal static class SampleWorkflow
{
    private static readonly Lock Generating = new();

    /// <summary>Lays the workflow and its model out in a directory.</summary>
    public static void CopyTo(string directory)
    {
        var samples = Path.Combine(Repository.Root, "samples", "workflows");
        File.Copy(Path.Combine(samples, "optimise.json"), Path.Combine(directory, "optimise.json"));
        lock (Generating)
            Generate(Path.Combine(directory, "model"));
    }

    private static void Generate(string directory) => throw new NotSupportedException(directory);
}
