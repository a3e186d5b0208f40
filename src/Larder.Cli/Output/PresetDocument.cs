using System.Text.Json;
using Larder.Diffusion.Presets;

namespace Larder.Cli.Output;

/// <summary>Presets for scripts.</summary>
internal static class PresetDocument
{
    /// <summary>Writes one, or a list of all.</summary>
    public static void Write(Utf8JsonWriter json, Preset? preset)
    {
        if (preset is not null)
        {
            WriteOne(json, preset);
            return;
        }
        json.WriteStartObject();
        json.WriteStartArray("presets");
        foreach (var each in VideoPresets.All)
            WriteOne(json, each);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter json, Preset preset)
    {
        json.WriteStartObject();
        json.WriteString("name", preset.Name);
        json.WriteString("about", preset.About);
        json.WriteNumber("stages", preset.IsTwoStage ? 2 : 1);
        json.WriteBoolean("adaptive", preset.IsAdaptive);
        json.WriteBoolean("quantized", preset.IsQuantized);
        json.WriteBoolean("takes_keyframes", preset.TakesKeyframes);
        json.WriteStartArray("options");
        foreach (var option in preset.Options)
        {
            json.WriteStartObject();
            json.WriteString("name", option.Name);
            json.WriteString("default", option.Default);
            json.WriteString("range", option.Range);
            json.WriteString("about", option.About);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WritePropertyName("graph");
        preset.Outline().WriteJson(json);
        json.WriteEndObject();
    }
}
