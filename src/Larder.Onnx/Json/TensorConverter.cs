using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larder.Content.Tensors;

namespace Larder.Onnx.Json;

/// <summary>Tensors as documents that keep type, shape and every bit; <see cref="TensorJson"/> writes what people send.</summary>
internal sealed class TensorConverter : JsonConverter<Tensor>
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAssignableTo(typeof(Tensor));

    public override Tensor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var tensor = Made(TensorDocument.Read(ref reader, options));
        return typeToConvert.IsInstanceOfType(tensor)
            ? tensor
            : throw new JsonException($"The tensor is {tensor}, and a {typeToConvert} is expected.");
    }

    public override void Write(Utf8JsonWriter writer, Tensor value, JsonSerializerOptions options)
    {
        try
        {
            TensorDocument.Write(writer, value, options);
        }
        catch (EncoderFallbackException e)
        {
            throw new JsonException($"An element of {value} holds half of a surrogate pair, which JSON cannot.", e);
        }
    }

    private static Tensor Made(TensorValue tensor) =>
        tensor.ElementType switch
        {
            "float32" => Of<float>(tensor),
            "float64" => Of<double>(tensor),
            "float16" => Of<Half>(tensor),
            "int8" => Of<sbyte>(tensor),
            "int16" => Of<short>(tensor),
            "int32" => Of<int>(tensor),
            "int64" => Of<long>(tensor),
            "uint8" => Of<byte>(tensor),
            "uint16" => Of<ushort>(tensor),
            "uint32" => Of<uint>(tensor),
            "uint64" => Of<ulong>(tensor),
            "bool" => new Tensor<bool>(Flags(tensor.Bytes.Span), [.. tensor.Shape]),
            _ => new Tensor<string>(TensorTexts.TextsOf(tensor.Bytes.Span), [.. tensor.Shape]),
        };

    private static Tensor<T> Of<T>(TensorValue tensor)
        where T : unmanaged => new(LittleEndian.ElementsOf<T>(tensor.Bytes.Span), [.. tensor.Shape]);

    // A byte that is neither 0 nor 1 would be a bool that is neither true nor false.
    private static bool[] Flags(ReadOnlySpan<byte> bytes) =>
        bytes.ContainsAnyExceptInRange((byte)0, (byte)1)
            ? throw new JsonException("An element of a bool tensor is neither 0 nor 1.")
            : LittleEndian.ElementsOf<bool>(bytes);
}
