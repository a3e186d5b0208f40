using System.Text.Json.Serialization;

namespace Larder.Onnx.Evaluations;

/// <summary>What a model's outputs are compared with.</summary>
[JsonConverter(typeof(AgainstConverter))]
internal enum Against
{
    /// <summary>The outputs of the workflow's input model.</summary>
    Input,

    /// <summary>The outputs that the samples give.</summary>
    Expected,
}
