using Larder.TestKit;

namespace Larder.IntegrationTests;

/// <summary>The sample of workers, as its page says.</summary>
[Trait("Category", "Integration")]
public sealed class WorkerCommandTests : CommandTests
{
    private static readonly string Samples = Path.Combine(Repository.Root, "samples");

    [Fact]
    public async Task Predict_AsThePageOfTheSampleSays_PrintsTheOutputs()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(Samples, "workers", "README.md"),
            TestContext.Current.CancellationToken
        );
        var script = page.Split("```sh\n")[1].Split("```")[0];
        Directory.CreateSymbolicLink(At("samples"), Samples);
        // What the page calls larder is the one that was built.
        var path =
            $"{Path.Combine(Repository.Root, "artifacts", "bin", "Larder.Cli", "release")}:{Environment.GetEnvironmentVariable("PATH")}";
        using var shell = CommandProcess.StartProgram(
            "/bin/bash",
            Here,
            ["-euc", script],
            $"PATH={path}",
            $"LARDER_STORE={StorePath}"
        );

        var result = (await shell.EndAsync()).Done();

        Assert.Equal("species: \"setosa\"\nshare: 1.0\n", result.Output);
        Assert.StartsWith("files: miss", result.Error, StringComparison.Ordinal);
    }
}
