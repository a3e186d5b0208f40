using System.Text.Json;
using Larder.Diffusion.Presets;

namespace Larder.IntegrationTests;

[Trait("Category", "Integration")]
public sealed class PresetsCommandTests : CommandTests
{
    [Fact]
    public async Task Presets_Json_IsWhatTheLibrarySays()
    {
        var presets = (await RunAsync("presets", "--json"))
            .Done()
            .Json.GetProperty("presets")
            .EnumerateArray()
            .ToList();

        Assert.Equal(VideoPresets.Names, presets.Select(preset => Text(preset, "name")));
        foreach (var (preset, json) in VideoPresets.All.Zip(presets))
            AssertIs(preset, json);
    }

    [Fact]
    public async Task Presets_JsonOfOne_IsThatOfTheList()
    {
        var list = (await RunAsync("presets", "--json")).Done().Json.GetProperty("presets");
        var one = (await RunAsync("presets", "ic_lora_adaptive", "--json")).Done().Json;

        Assert.True(JsonElement.DeepEquals(list[8], one), one.GetRawText());
    }

    [Fact]
    public async Task Presets_NoName_HasALineForEach()
    {
        var result = (await RunAsync("presets")).Done();

        Assert.Empty(result.Error);
        Assert.All(
            VideoPresets.All,
            preset =>
                Assert.Single(
                    result.Output.Split('\n'),
                    line =>
                        line.Contains($" {preset.Name} ", StringComparison.Ordinal)
                        && line.Contains(preset.About, StringComparison.Ordinal)
                )
        );
        Assert.Matches(@"t2v_two_stages +15 \+ 10 +7\.5 ", result.Output);
    }

    [Fact]
    public async Task Presets_OfOne_ShowsItsGraphAndOptions()
    {
        var preset = VideoPresets.Get("keyframe_interpolation_quantized");

        var result = (await RunAsync("presets", preset.Name)).Done();

        Assert.Contains(preset.Outline().ToString(), result.Output, StringComparison.Ordinal);
        Assert.All(
            preset.Options,
            option => Assert.Matches($@"\n +{option.Name} +\S+.* It can be {option.Range}\. *\n", result.Output)
        );
    }

    [Fact]
    public async Task Presets_Mermaid_IsTheChart()
    {
        var result = (await RunAsync("presets", "distilled_fast", "--mermaid")).Done();

        Assert.Equal(VideoPresets.Get("distilled_fast").Outline().ToMermaid(), result.Output);
    }

    [Theory]
    [InlineData("Did you mean 't2v_two_stages'?", "t2v_two_stage")]
    [InlineData("Known are t2v_one_stage,", "nothing")]
    [InlineData("name its preset", "--mermaid")]
    [InlineData("leave one of them out", "ic_lora", "--mermaid", "--json")]
    public async Task Presets_WrongUsage_SaysWhatToDo(string message, params string[] arguments)
    {
        var result = (await RunAsync(["presets", .. arguments])).Ended(2);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Presets_WithoutRuntimeAndStore_AreShown()
    {
        var result = (
            await RunAsync(["presets", "t2v_two_stages", "--json"], "LARDER_ONNXRUNTIME=/nowhere/libonnxruntime.so")
        ).Done();

        Assert.Equal(8, result.Json.GetProperty("graph").GetProperty("nodes").GetArrayLength());
        Assert.False(Directory.Exists(StorePath));
    }

    private static void AssertIs(Preset preset, JsonElement json)
    {
        Assert.Equal(
            ["name", "about", "stages", "adaptive", "quantized", "takes_keyframes", "options", "graph"],
            json.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(preset.About, Text(json, "about"));
        Assert.Equal(preset.IsTwoStage ? 2 : 1, json.GetProperty("stages").GetInt32());
        Assert.Equal(preset.IsAdaptive, json.GetProperty("adaptive").GetBoolean());
        Assert.Equal(preset.IsQuantized, json.GetProperty("quantized").GetBoolean());
        Assert.Equal(preset.TakesKeyframes, json.GetProperty("takes_keyframes").GetBoolean());
        Assert.Equal(
            preset.Options,
            json.GetProperty("options")
                .EnumerateArray()
                .Select(option => new PresetOption(
                    Text(option, "name"),
                    Text(option, "default"),
                    Text(option, "range"),
                    Text(option, "about")
                ))
        );
        var (graph, built) = (json.GetProperty("graph"), preset.Outline());
        Assert.Equal(built.Inputs.Select(input => input.Name), NamesIn(graph, "inputs"));
        Assert.Equal(built.Nodes.Select(node => node.Name), NamesIn(graph, "nodes"));
        Assert.Equal(built.Outputs.Select(output => output.Name), NamesIn(graph, "outputs"));
        Assert.Equal(
            built.ToMermaid().Split('\n').Count(line => line.Contains("-->", StringComparison.Ordinal)),
            graph.GetProperty("edges").GetArrayLength()
        );
    }

    private static IEnumerable<string> NamesIn(JsonElement graph, string member) =>
        graph.GetProperty(member).EnumerateArray().Select(element => Text(element, "name"));

    private static string Text(JsonElement json, string member) => json.GetProperty(member).GetString()!;
}
