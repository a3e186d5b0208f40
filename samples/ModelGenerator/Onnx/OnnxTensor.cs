using System.Runtime.InteropServices;

namespace ModelGenerator.Onnx;

/// <summary>A constant tensor: a weight of the graph, or the value of an attribute.</summary>
public sealed class OnnxTensor
{
    private const int Dims = 1;
    private const int DataType = 2;
    private const int StringData = 6;
    private const int TensorName = 8;
    private const int RawData = 9;
    private const int ExternalData = 13;
    private const int DataLocation = 14;
    private const int LocatedExternally = 1;

    private OnnxTensor(string name, OnnxType type, long[] shape)
    {
        Message.AddPacked(Dims, shape);
        Message.AddInteger(DataType, (long)type);
        Message.AddString(TensorName, name);
    }

    internal ProtobufMessage Message { get; } = new();

    /// <summary>A tensor of numbers; an empty shape makes a scalar.</summary>
    /// <exception cref="NotSupportedException">ONNX has no such element type.</exception>
    public static OnnxTensor Of<T>(string name, long[] shape, params ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ThrowIfShapeDisagrees(name, shape, values.Length);
        var tensor = new OnnxTensor(name, TypeOf<T>(), shape);
        // ONNX wants little-endian, which is how every machine that .NET 10 runs on holds numbers.
        tensor.Message.AddBytes(RawData, MemoryMarshal.AsBytes(values).ToArray());
        return tensor;
    }

    /// <summary>A tensor of texts.</summary>
    public static OnnxTensor OfStrings(string name, long[] shape, params ReadOnlySpan<string> values)
    {
        ThrowIfShapeDisagrees(name, shape, values.Length);
        var tensor = new OnnxTensor(name, OnnxType.String, shape);
        foreach (var value in values)
            tensor.Message.AddString(StringData, value);
        return tensor;
    }

    /// <summary>A tensor inside the model whose bytes are produced while the model is written.</summary>
    public static OnnxTensor Streamed(string name, OnnxType type, long[] shape, long sizeBytes, Action<Stream> write)
    {
        var tensor = new OnnxTensor(name, type, shape);
        tensor.Message.AddBytes(RawData, sizeBytes, write);
        return tensor;
    }

    /// <summary>A tensor whose bytes lie in another file, named relative to the model's own directory.</summary>
    public static OnnxTensor External(
        string name,
        OnnxType type,
        long[] shape,
        string location,
        long offsetBytes,
        long sizeBytes
    )
    {
        var tensor = new OnnxTensor(name, type, shape);
        tensor.Message.AddMessage(ExternalData, OnnxWriter.Entry("location", location));
        tensor.Message.AddMessage(ExternalData, OnnxWriter.Entry("offset", $"{offsetBytes}"));
        tensor.Message.AddMessage(ExternalData, OnnxWriter.Entry("length", $"{sizeBytes}"));
        tensor.Message.AddInteger(DataLocation, LocatedExternally);
        return tensor;
    }

    private static void ThrowIfShapeDisagrees(string name, long[] shape, int count)
    {
        var expected = shape.Aggregate(1L, (product, dimension) => product * dimension);
        if (expected != count)
            throw new ArgumentException(
                $"Tensor '{name}' of shape [{string.Join(", ", shape)}] needs {expected} values, not {count}.",
                nameof(shape)
            );
    }

    private static OnnxType TypeOf<T>() =>
        default(T) switch
        {
            float => OnnxType.Float,
            double => OnnxType.Double,
            Half => OnnxType.Float16,
            bool => OnnxType.Bool,
            sbyte => OnnxType.Int8,
            short => OnnxType.Int16,
            int => OnnxType.Int32,
            long => OnnxType.Int64,
            byte => OnnxType.UInt8,
            ushort => OnnxType.UInt16,
            uint => OnnxType.UInt32,
            ulong => OnnxType.UInt64,
            _ => throw new NotSupportedException($"ONNX has no tensors of {typeof(T)}."),
        };
}
