using System.Text.Json.Serialization;

namespace Larder.Onnx.Passes;

/// <summary>Which dimension of a weight has a scale for each place.</summary>
[JsonConverter(typeof(SnakeCaseEnum<QuantizeAxis>))]
internal enum QuantizeAxis
{
    /// <summary>The one that its operator suggests: the columns of a product, the filters of a convolution.</summary>
    Operator,

    /// <summary>The one, of all, that leaves the weight closest to what it was.</summary>
    Closest,
}
