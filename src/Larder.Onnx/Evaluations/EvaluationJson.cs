using System.Text.Json.Serialization;

namespace Larder.Onnx.Evaluations;

/// <summary>How the options of the evaluations stand in a workflow.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(LatencyOptions))]
[JsonSerializable(typeof(AccuracyOptions))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
