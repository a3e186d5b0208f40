using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Onnx.Passes;

/// <summary>Reads a value by its name in small letters, and no number in its place.</summary>
internal sealed class SnakeCaseEnum<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
