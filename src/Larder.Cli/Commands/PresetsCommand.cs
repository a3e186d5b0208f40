using System.CommandLine;
using Larder.Cli.Output;
using Larder.Diffusion.Presets;

namespace Larder.Cli.Commands;

/// <summary><c>larder presets [NAME]</c>: the presets of video models, and the graph and options of one.</summary>
internal static class PresetsCommand
{
    public static Command Create(GlobalOptions options)
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "One preset: its graph and its options",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var mermaid = new Option<bool>("--mermaid") { Description = "The graph of NAME as a flowchart of Mermaid" };
        return new Command("presets", "The presets of video models: their graphs, options and defaults")
        {
            name,
            mermaid,
        }.Runs(
            options,
            (context, _) =>
            {
                var preset = context.Result.GetValue(name) is { } wanted ? VideoPresets.Get(wanted) : null;
                if (context.Result.GetValue(mermaid))
                    Terminal.Answer(Chart(preset, context.Json));
                else if (context.Json)
                    Terminal.Json(json => PresetDocument.Write(json, preset));
                else
                    PresetView.Write(preset);
                return Task.FromResult(ExitCode.Done);
            }
        );
    }

    private static string Chart(Preset? preset, bool isJson) =>
        preset is null ? throw new UsageException("--mermaid shows one graph: name its preset.")
        : isJson ? throw new UsageException("--mermaid and --json are two forms of one answer: leave one of them out.")
        : preset.Outline().ToMermaid().TrimEnd('\n');
}
