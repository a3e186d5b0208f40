using Larder.Diffusion.Presets;

namespace Larder.Cli.Output;

/// <summary>Presets for people.</summary>
internal static class PresetView
{
    /// <summary>Writes one, or a line of each.</summary>
    public static void Write(Preset? preset)
    {
        if (preset is not null)
            WriteOne(preset);
        else
            TableView.WriteSentences(
                ["preset", "steps", "guidance", "what it does"],
                [
                    .. VideoPresets.All.Select(
                        IReadOnlyList<string> (preset) =>
                            [preset.Name, Steps(preset), Default(preset, "guidance"), preset.About]
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
            ["option", "default", "what it does"],
            [
                .. preset.Options.Select(
                    IReadOnlyList<string> (option) =>
                        [option.Name, option.Default, $"{option.About} It can be {option.Range}."]
                ),
            ]
        );
    }

    private static string Steps(Preset preset) =>
        Default(preset, "steps") + (preset.IsTwoStage ? $" + {Default(preset, "stage2_steps")}" : "");

    private static string Default(Preset preset, string name) =>
        preset.Options.First(option => option.Name == name).Default;
}
