using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Diffusion.Presets;

namespace Larder.Diffusion.Caching;

/// <summary>What names the two kinds of things that are kept in memory: models, and the graphs of presets on them.</summary>
internal static class PresetKeys
{
    public const string ModelsKind = "video-models";
    public const string GraphKind = "preset-graph";

    /// <summary>The key of loaded models: all bytes that are loaded, and how they are run.</summary>
    /// <remarks>Where they came from does not count, and where LoRAs lie neither.</remarks>
    public static EntryKey OfModels(
        Digest version,
        IReadOnlyList<LoraFile> loras,
        QuantizationNeed? quantization,
        int intraOpThreads
    ) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = ModelsKind,
                ["version"] = 1,
                ["manifest"] = version.ToString(),
                ["loras"] = new JsonArray([
                    .. loras.Select(lora => new JsonObject
                    {
                        ["file"] = lora.File.Digest.ToString(),
                        ["strength"] = lora.Strength,
                    }),
                ]),
                ["quantization"] = quantization?.Method,
                ["intra_op_threads"] = intraOpThreads,
            }
        );

    /// <summary>The key of a preset's graph on models.</summary>
    /// <param name="preset">The preset.</param>
    /// <param name="models">The key of the models.</param>
    /// <param name="options">Its options by name, none missing.</param>
    public static EntryKey OfGraph(Preset preset, EntryKey models, JsonObject options) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = GraphKind,
                ["version"] = 1,
                ["preset"] = preset.Name,
                ["models"] = models.Digest.ToString(),
                ["options"] = options,
            }
        );
}
