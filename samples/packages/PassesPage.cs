using System.Text.Json.Nodes;
using Larder;
using Larder.Passes;
using Larder.Passes.Commands;
using Larder.Passes.Running;

namespace PackagePages;

/// <summary>The page of the package <c>Larder.Passes</c>.</summary>
internal static class PassesPage
{
    public static async Task RunAsync(string[] _)
    {
        Directory.CreateDirectory("raw-model");
        await File.WriteAllTextAsync("raw-model/weights.txt", string.Concat(Enumerable.Repeat("0.1 0.2 0.3 ", 10_000)));

        // Any program can be a pass. Nothing but its input, its options and the files that it names may change what it writes.
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = "store" });
        var runner = new WorkflowRunner(cache, new PassSet([new CommandPass()], []));
        var workflow = Workflow
            .From("./raw-model")
            .Pass(
                "command",
                new()
                {
                    ["run"] = new JsonArray("sh", "-c", "gzip -9 -n < {input}/weights.txt > {output}/weights.txt.gz"),
                },
                name: "compress"
            )
            .OutputTo("out")
            .Build();

        // The first run computes the pass; every later one, in any process, finds what came out of it.
        using var result = await runner.RunAsync(workflow);
        foreach (var pass in result.Passes)
            Console.WriteLine($"{pass.Name}: {pass.Outcome} in {pass.Seconds:0.000} s");
    }
}
