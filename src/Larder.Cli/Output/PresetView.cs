using Larder.Diffusion.Presets;

namespace Larder.Cli.Output;

/// <summary>Presets for people.</summary>
internal static class PresetView
{
    private const string Steps = "steps";

    /// <summary>Writes one, or a line of each.</summary>
    public static void Write(Preset? preset)
    {
        if (preset is not null)
            WriteOne(preset);
        else
            TableView.WriteSentences(
                ["preset", "stages", "defaults", "what it does"],
                [
                    .. VideoPresets.All.Select(
                        IReadOnlyList<string> (preset) =>
                            [preset.Name, preset.IsTwoStage ? "2" : "1", Defaults(preset), preset.About]
                    ),
                ]
            );
    }

    private static void WriteOne(Preset preset)
    {
        Terminal.Answer(preset.About);
        Terminal.Answer("");
        Terminal.Answer(preset.Outline().ToString());
        TableView.WriteSentences(
            ["option", "default", "can be", "what it does"],
            [
                .. preset.Options.Select(
                    IReadOnlyList<string> (option) => [option.Name, option.Default, option.Range, option.About]
                ),
            ]
        );
    }

    // The two that matter most; the page of one preset has them all.
    private static string Defaults(Preset preset)
    {
        var steps = preset.IsTwoStage ? $"{Default(Steps)} + {Default("stage2_steps")}" : Default(Steps);
        return $"{Steps} {steps}, guidance {Default("guidance")}";

        string Default(string name) => preset.Options.First(option => option.Name == name).Default;
    }
}
