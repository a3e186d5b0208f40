using Larder.TestKit;

namespace Larder.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void Sample_OfTheReadme_IsTheOneThatIsCompiled()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var sample = File.ReadAllText(Path.Combine(Repository.Root, "samples", "PullModel", "Program.cs"));

        Assert.Contains($"```csharp\n{sample}```\n", readme, StringComparison.Ordinal);
    }
}
