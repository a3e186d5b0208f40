using System.Text.Json;
using Larder.Onnx;

namespace Larder.Server.Inference;

/// <summary>A tensor of a request, its elements not read yet.</summary>
/// <param name="Path">Where it stands in the request, for messages, such as <c>inputs[0]</c>.</param>
/// <param name="Name">The name of the model's input.</param>
/// <param name="ElementType">The type of the elements.</param>
/// <param name="Shape">The dimensions, outermost first.</param>
/// <param name="Length">How many elements that shape has.</param>
internal sealed record InferenceInput(
    string Path,
    string Name,
    TensorElementType ElementType,
    long[] Shape,
    long Length
)
{
    /// <summary>The elements as JSON, flat or nested by the shape; not given where they came as bytes.</summary>
    public JsonElement Json { get; init; }

    /// <summary>The elements as they stand behind the document, little-endian; null where they are JSON.</summary>
    public ReadOnlyMemory<byte>? Binary { get; init; }
}
