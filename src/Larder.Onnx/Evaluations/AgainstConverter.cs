using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Onnx.Evaluations;

/// <summary>By name only: a number would be a second way to write the same key.</summary>
internal sealed class AgainstConverter()
    : JsonStringEnumConverter<Against>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
