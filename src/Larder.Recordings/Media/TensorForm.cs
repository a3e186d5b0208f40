using System.Text.Json;
using Larder.Content.Tensors;

namespace Larder.Recordings.Media;

/// <summary>Tensors in recordings, as <see cref="TensorDocument"/> writes them.</summary>
internal static class TensorForm
{
    public static void Write(Utf8JsonWriter writer, RecordedTensor tensor, JsonSerializerOptions options) =>
        TensorDocument.Write(writer, tensor, options);

    public static RecordedTensor Read(JsonElement document, JsonSerializerOptions options)
    {
        var tensor = TensorDocument.Read(document, data => data.Deserialize<ReadOnlyMemory<byte>>(options));
        if (TensorElement.Of(tensor.ElementType) is null)
            throw new JsonException($"A {nameof(RecordedTensor)} holds numbers, not {tensor.ElementType}.");
        return new RecordedTensor(tensor.ElementType, tensor.Shape, tensor.Bytes);
    }
}
