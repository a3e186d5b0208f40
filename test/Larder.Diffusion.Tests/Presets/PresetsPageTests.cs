using System.Globalization;
using System.Text;
using Larder.Diffusion.Presets;
using Larder.Diffusion.Tests.Models;
using Larder.TestKit;

namespace Larder.Diffusion.Tests.Presets;

/// <summary>The part of <c>docs/presets.md</c> between two marks is what the code says of the presets.</summary>
public sealed class PresetsPageTests(SampleModels models)
{
    private const string AcceptVariable = "LARDER_ACCEPT_DOCS";
    private const string Begin = "<!-- From here on written by PresetsPageTests. -->\n";
    private const string End = "<!-- Up to here written by PresetsPageTests. -->\n";

    private static string PagePath => Path.Combine(Repository.Root, "docs", "presets.md");

    [Fact]
    public void Page_SaysWhatTheCodeDoes()
    {
        var page = File.ReadAllText(PagePath);
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= Begin.Length && end >= begin, "The marks are not in docs/presets.md.");
        var expected = page[..begin] + Presets() + page[end..];
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
            File.WriteAllText(PagePath, expected);

        Assert.True(
            File.ReadAllText(PagePath) == expected,
            $"docs/presets.md is not what the code says. If this is meant, set {AcceptVariable}=1, run the test again, and commit the file."
        );
    }

    private string Presets()
    {
        var page = new StringBuilder("\n## The presets\n| preset | defaults | |\n|---|---|---|\n");
        foreach (var preset in VideoPresets.All)
        {
            var own = preset
                .Options.Where(option => !IsOfAll(option))
                .Select(option => $"`{option.Name}` {option.Default}");
            page.Append(
                CultureInfo.InvariantCulture,
                $"| `{preset.Name}` | {string.Join(", ", own)} | {preset.About} |\n"
            );
        }
        page.Append("\n## The options\nA name means the same in all presets that have it.\n\n");
        page.Append("| option | can be | presets | |\n|---|---|---|---|\n");
        var order = OptionRules.All.Select(rule => rule.Name).ToList();
        var options = VideoPresets
            .All.SelectMany(preset => preset.Options)
            .DistinctBy(option => (option.Name, option.Range))
            .OrderBy(option => order.IndexOf(option.Name));
        foreach (var option in options)
        {
            var with = VideoPresets.All.Where(preset => preset.Options.Any(IsSame)).ToArray();
            page.Append(
                CultureInfo.InvariantCulture,
                $"| `{option.Name}` | {option.Range} | {Kind(with)} | {option.About} |\n"
            );

            bool IsSame(PresetOption other) => (other.Name, other.Range) == (option.Name, option.Range);
        }
        page.Append("\n## The graphs\n");
        foreach (var preset in VideoPresets.All)
        {
            var graph = preset.Build(preset.IsQuantized ? models.Quantized : models.Plain);
            page.Append(CultureInfo.InvariantCulture, $"\n### {preset.Name}\n```mermaid\n{graph.ToMermaid()}```\n");
        }
        return page.Append('\n').ToString();
    }

    private static bool IsOfAll(PresetOption option) => VideoPresets.All.All(preset => preset.Options.Contains(option));

    private static string Kind(Preset[] presets)
    {
        foreach (var (name, belongs) in Kinds)
        {
            if (presets.SequenceEqual(VideoPresets.All.Where(belongs)))
                return name;
        }
        return string.Join(", ", presets.Select(preset => $"`{preset.Name}`"));
    }

    private static readonly (string Name, Func<Preset, bool> Belongs)[] Kinds =
    [
        ("all", _ => true),
        ("adaptive", preset => preset.IsAdaptive),
        ("not adaptive", preset => !preset.IsAdaptive),
        ("quantised", preset => preset.IsQuantized),
        ("two stages", preset => preset.IsTwoStage),
        ("two stages, adaptive", preset => preset.IsTwoStage && preset.IsAdaptive),
        ("two stages, not adaptive", preset => preset.IsTwoStage && !preset.IsAdaptive),
    ];
}
