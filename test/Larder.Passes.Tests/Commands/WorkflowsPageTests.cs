using System.Diagnostics;
using Larder.Passes.Documents;
using Larder.TestKit;

namespace Larder.Passes.Commands.Tests;

/// <summary>The first workflow of <c>docs/workflows.md</c>, pasted as a reader would.</summary>
public sealed class WorkflowsPageTests : IDisposable
{
    private readonly CommandHarness _harness = new();

    private static string Page => File.ReadAllText(Path.Combine(Repository.Root, "docs", "workflows.md"));

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task FirstWorkflow_Pasted_GivesWhatThePageSays()
    {
        var shell = Page.Split("```sh\n")[1].Split("```")[0];
        using var pasted = Process.Start(
            new ProcessStartInfo("sh", ["-e", "-c", shell]) { WorkingDirectory = _harness.Base }
        )!;
        await pasted.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, pasted.ExitCode);
        var workflow = WorkflowDocument.Load(Path.Combine(_harness.Base, "first.json"));
        var (pass, evaluation) = (Assert.Single(workflow.Passes), Assert.Single(workflow.Evaluations));
        File.Copy(
            Path.Combine(workflow.Input.Reference.Uri.LocalPath, "weights.bin"),
            Path.Combine(_harness.Input, "weights.bin")
        );

        await _harness.RunAsync(pass.Config);

        Assert.Equal("command", pass.Type);
        Assert.Contains("compressing weights.bin", _harness.Lines);
        Assert.InRange(new FileInfo(Path.Combine(_harness.Output, "weights.bin.gz")).Length, 1, 1000);
        Directory.Delete(_harness.Work, recursive: true);
        Assert.Equal(100_007, (await _harness.EvaluateAsync(evaluation.Config))["bytes"]);
    }

    [Fact]
    public void Tables_NameEveryOption()
    {
        foreach (var option in CommandJson.Default.CommandPassOptions.Properties)
            Assert.Contains($"| `{option.Name}` |", Page, StringComparison.Ordinal);
    }
}
