using System.Text.Json.Serialization;

namespace Larder.Onnx.Passes;

/// <summary>Reads and writes the options of the passes with the names that workflows have for them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(OptimizeOptions))]
[JsonSerializable(typeof(Float16Options))]
[JsonSerializable(typeof(QuantizeOptions))]
[JsonSerializable(typeof(LoraOptions))]
[JsonSerializable(typeof(MetadataOptions))]
[JsonSerializable(typeof(ExternalDataOptions))]
internal sealed partial class PassOptionsJson : JsonSerializerContext;
