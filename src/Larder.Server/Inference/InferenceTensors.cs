using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Larder.Content.Tensors;
using Larder.Onnx;
using Larder.Onnx.Json;

namespace Larder.Server.Inference;

/// <summary>Makes tensors of what requests hold, and bytes of tensors.</summary>
internal static class InferenceTensors
{
    // Throws at what is no UTF-8: a text that was changed on its way would be a wrong answer.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the elements of all inputs.</summary>
    /// <exception cref="InvalidInputsException">Elements are missing, too many, or of another type: everything that is wrong.</exception>
    public static Dictionary<string, Tensor> Read(IReadOnlyList<InferenceInput> inputs)
    {
        var faults = new FaultList();
        var tensors = new Dictionary<string, Tensor>(inputs.Count, StringComparer.Ordinal);
        foreach (var input in inputs)
        {
            if (Read(input, faults) is { } tensor)
                tensors.Add(input.Name, tensor);
        }
        faults.ThrowIfAny();
        return tensors;
    }

    /// <summary>The bytes of a tensor as the protocol has them: little-endian, row by row; a text with its length before it.</summary>
    public static byte[] BytesOf(Tensor tensor)
    {
        if (tensor is not Tensor<string> texts)
            return ((ITensorContent)tensor).Bytes.ToArray();
        using var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(uint)];
        foreach (var text in texts.Span)
        {
            var encoded = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)encoded.Length);
            bytes.Write(length);
            bytes.Write(encoded);
        }
        return bytes.ToArray();
    }

    private static Tensor? Read(InferenceInput input, FaultList faults) =>
        input.Binary is { } binary ? ReadBinary(input, binary.Span, faults) : ReadJson(input, faults);

    private static Tensor? ReadJson(InferenceInput input, FaultList faults)
    {
        var path = $"{input.Path}.data";
        // The elements stand one after the other, or in arrays nested by the shape.
        var isNested =
            input.Shape.Length > 1
            && input.Json.ValueKind == JsonValueKind.Array
            && input.Json.GetArrayLength() > 0
            && input.Json[0].ValueKind == JsonValueKind.Array;
        if (!isNested && input.Json.ValueKind == JsonValueKind.Array && input.Json.GetArrayLength() != input.Length)
        {
            faults.Add(
                path,
                $"It has {input.Json.GetArrayLength()} elements, and the shape {Tensor.Format(input.Shape)} has {input.Length}."
            );
            return null;
        }
        var dimensions = isNested ? input.Shape : [input.Length];
        var spec = new TensorSpec(input.Name, input.ElementType, [.. dimensions.Select(size => new Dimension(size))]);
        return new TensorReader(faults).Read(spec, input.Json, path)?.Reshaped(input.Shape);
    }

    private static Tensor? ReadBinary(InferenceInput input, ReadOnlySpan<byte> bytes, FaultList faults) =>
        input.ElementType switch
        {
            TensorElementType.Float32 => Read<float>(input, bytes, faults),
            TensorElementType.Float64 => Read<double>(input, bytes, faults),
            TensorElementType.Float16 => Read<Half>(input, bytes, faults),
            TensorElementType.Int64 => Read<long>(input, bytes, faults),
            TensorElementType.Int32 => Read<int>(input, bytes, faults),
            TensorElementType.Int16 => Read<short>(input, bytes, faults),
            TensorElementType.Int8 => Read<sbyte>(input, bytes, faults),
            TensorElementType.UInt64 => Read<ulong>(input, bytes, faults),
            TensorElementType.UInt32 => Read<uint>(input, bytes, faults),
            TensorElementType.UInt16 => Read<ushort>(input, bytes, faults),
            TensorElementType.UInt8 => Read<byte>(input, bytes, faults),
            TensorElementType.Bool => ReadFlags(input, bytes, faults),
            TensorElementType.String => ReadTexts(input, bytes, faults),
            _ => throw new ArgumentOutOfRangeException(nameof(input), input.ElementType, "Unknown element type."),
        };

    private static Tensor<T>? Read<T>(InferenceInput input, ReadOnlySpan<byte> bytes, FaultList faults)
        where T : unmanaged =>
        HasLength(input, bytes, Unsafe.SizeOf<T>(), faults)
            ? new Tensor<T>(LittleEndian.ElementsOf<T>(bytes), input.Shape)
            : null;

    private static Tensor<bool>? ReadFlags(InferenceInput input, ReadOnlySpan<byte> bytes, FaultList faults)
    {
        if (!HasLength(input, bytes, 1, faults))
            return null;
        var flags = new bool[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] > 1)
            {
                faults.Add(input.Path, $"Element {i} of its bytes is {bytes[i]}; a BOOL is 0 or 1.");
                return null;
            }
            flags[i] = bytes[i] is 1;
        }
        return new Tensor<bool>(flags, input.Shape);
    }

    private static Tensor<string>? ReadTexts(InferenceInput input, ReadOnlySpan<byte> bytes, FaultList faults)
    {
        // Each has four bytes at least: what is claimed is bounded by what came before memory is asked for.
        if (input.Length > bytes.Length / sizeof(uint))
        {
            faults.Add(
                input.Path,
                $"Its {bytes.Length} bytes cannot hold {input.Length} texts, each with four bytes of length before it."
            );
            return null;
        }
        var texts = new string[input.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            if (
                !BinaryPrimitives.TryReadUInt32LittleEndian(bytes, out var length)
                || length > bytes.Length - sizeof(uint)
            )
            {
                faults.Add(input.Path, $"Its bytes end inside of text {i}.");
                return null;
            }
            var text = bytes.Slice(sizeof(uint), (int)length);
            try
            {
                texts[i] = Utf8.GetString(text);
            }
            catch (DecoderFallbackException)
            {
                faults.Add(input.Path, $"Text {i} is not UTF-8.");
                return null;
            }
            bytes = bytes[(sizeof(uint) + text.Length)..];
        }
        if (bytes.IsEmpty)
            return new Tensor<string>(texts, input.Shape);
        faults.Add(input.Path, $"{bytes.Length} bytes are left behind its {texts.Length} texts.");
        return null;
    }

    private static bool HasLength(InferenceInput input, ReadOnlySpan<byte> bytes, int size, FaultList faults)
    {
        var expected = input.Length * size;
        if (bytes.Length == expected)
            return true;
        faults.Add(
            $"{input.Path}.parameters.binary_data_size",
            $"It says {bytes.Length} bytes; {InferenceDatatypes.NameOf(input.ElementType)}{Tensor.Format(input.Shape)} takes {expected}."
        );
        return false;
    }
}
