using System.Text.Json.Serialization;

namespace Larder.Onnx.Passes;

/// <summary>Where <see cref="ExternalDataPass"/> puts weights.</summary>
[JsonConverter(typeof(SnakeCaseEnum<ExternalDataMode>))]
internal enum ExternalDataMode
{
    /// <summary>Large ones into files beside the model's own.</summary>
    Split,

    /// <summary>All into the model's own file.</summary>
    Merge,
}
