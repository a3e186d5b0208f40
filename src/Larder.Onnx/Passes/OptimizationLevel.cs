using System.Text.Json.Serialization;

namespace Larder.Onnx.Passes;

/// <summary>How far the runtime optimises.</summary>
[JsonConverter(typeof(SnakeCaseEnum<OptimizationLevel>))]
internal enum OptimizationLevel
{
    /// <summary>Folds what is constant and drops what is not needed; only operators of ONNX remain.</summary>
    Basic,

    /// <summary>Joins operators into larger ones of the runtime's own as well.</summary>
    Extended,

    /// <summary>Lays data out as this processor likes it as well: for processors of this kind only.</summary>
    All,
}
