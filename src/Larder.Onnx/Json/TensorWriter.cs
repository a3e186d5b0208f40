using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Larder.Onnx.Json;

/// <summary>Writes the elements of a tensor as nested arrays.</summary>
internal static class TensorWriter
{
    // Longer than the shortest form of any double or 64-bit integer.
    private const int MaxDigits = 32;

    /// <summary>Writes in the shape given, which has as many elements as the tensor.</summary>
    public static void Write(Utf8JsonWriter writer, Tensor tensor, ReadOnlySpan<long> shape)
    {
        switch (tensor)
        {
            case Tensor<float> floats:
                Write(writer, floats, shape, WriteNumber);
                break;
            case Tensor<double> doubles:
                Write(writer, doubles, shape, WriteNumber);
                break;
            case Tensor<Half> halves:
                Write(writer, halves, shape, WriteNumber);
                break;
            case Tensor<long> longs:
                Write(writer, longs, shape, WriteNumber);
                break;
            case Tensor<int> ints:
                Write(writer, ints, shape, WriteNumber);
                break;
            case Tensor<short> shorts:
                Write(writer, shorts, shape, WriteNumber);
                break;
            case Tensor<sbyte> signed:
                Write(writer, signed, shape, WriteNumber);
                break;
            case Tensor<ulong> longs:
                Write(writer, longs, shape, WriteNumber);
                break;
            case Tensor<uint> ints:
                Write(writer, ints, shape, WriteNumber);
                break;
            case Tensor<ushort> shorts:
                Write(writer, shorts, shape, WriteNumber);
                break;
            case Tensor<byte> bytes:
                Write(writer, bytes, shape, WriteNumber);
                break;
            case Tensor<bool> flags:
                Write(writer, flags, shape, static (to, value) => to.WriteBooleanValue(value));
                break;
            case Tensor<string> texts:
                Write(writer, texts, shape, static (to, value) => to.WriteStringValue(value));
                break;
            default:
                throw new ArgumentException($"There is no JSON for {tensor}.", nameof(tensor));
        }
    }

    private static void Write<T>(
        Utf8JsonWriter writer,
        Tensor<T> tensor,
        ReadOnlySpan<long> shape,
        Action<Utf8JsonWriter, T> write
    )
        where T : notnull
    {
        var rest = tensor.Span;
        WriteLevel(writer, ref rest, shape, write);
    }

    private static void WriteLevel<T>(
        Utf8JsonWriter writer,
        ref ReadOnlySpan<T> rest,
        ReadOnlySpan<long> shape,
        Action<Utf8JsonWriter, T> write
    )
    {
        if (shape.IsEmpty)
        {
            write(writer, rest[0]);
            rest = rest[1..];
            return;
        }
        writer.WriteStartArray();
        for (var i = 0L; i < shape[0]; i++)
            WriteLevel(writer, ref rest, shape[1..], write);
        writer.WriteEndArray();
    }

    // JSON has no NaN and no infinity. Texts keep the document valid and the rest of the answer readable.
    private static void WriteNumber<T>(Utf8JsonWriter writer, T value)
        where T : INumber<T>
    {
        if (T.IsNaN(value))
            writer.WriteStringValue(Elements.NaN);
        else if (T.IsInfinity(value))
            writer.WriteStringValue(T.IsPositive(value) ? Elements.Infinity : Elements.NegativeInfinity);
        else
        {
            // The type's own shortest digits: 0.1 as float16 is 0.1, and not the digits of its nearest double.
            Span<byte> digits = stackalloc byte[MaxDigits];
            value.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
            writer.WriteRawValue(digits[..count], skipInputValidation: true);
        }
    }
}
