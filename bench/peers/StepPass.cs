using System.Globalization;
using System.Text.Json.Nodes;
using Larder.Passes;

namespace Peers;

/// <summary>A pass that changes one file of a model and leaves the others: what many passes do, and nothing that takes time.</summary>
internal sealed class StepPass : IPass
{
    public string Name => "step";

    public int Version => 1;

    public string Summary => "Changes one file of a model.";

    public static WorkflowPass Of(int number) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"step-{number}"),
            "step",
            new JsonObject { ["number"] = number }
        );

    public PassPlan Plan(StepRequest step)
    {
        var number = step.Config["number"]!.GetValue<int>();
        return new PassPlan(
            new StepFacts { Config = new JsonObject { ["number"] = number } },
            (run, cancellationToken) => RunAsync(run, number, cancellationToken)
        );
    }

    private static async Task RunAsync(PassRun run, int number, CancellationToken cancellationToken)
    {
        var files = run.Input.Files;
        for (var i = 0; i < files.Count; i++)
        {
            var bytes = await File.ReadAllBytesAsync(Path.Join(run.InputPath, files[i].Path), cancellationToken);
            if (i == number % files.Count)
                bytes[0] ^= (byte)(number + 1);
            var path = Path.Join(run.OutputPath, files[i].Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, bytes, cancellationToken);
        }
    }
}
