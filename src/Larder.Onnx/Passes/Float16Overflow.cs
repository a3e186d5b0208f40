using System.Text.Json.Serialization;

namespace Larder.Onnx.Passes;

/// <summary>What becomes of a weight that is too large for 16 bits.</summary>
[JsonConverter(typeof(SnakeCaseEnum<Float16Overflow>))]
internal enum Float16Overflow
{
    /// <summary>The largest finite number, 65504.</summary>
    Clamp,

    /// <summary>Infinity.</summary>
    Infinity,
}
