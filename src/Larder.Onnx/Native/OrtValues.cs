using System.Buffers;
using System.Text;

namespace Larder.Onnx.Native;

/// <summary>Turns tensors into values of the runtime and back.</summary>
internal sealed unsafe class OrtValues
{
    private const string Creating = "Handing an input to ONNX Runtime";
    private const string Reading = "Reading an output of ONNX Runtime";

    private readonly OrtRuntime _runtime;
    private readonly OrtApi _api;

    public OrtValues(OrtRuntime runtime) => (_runtime, _api) = (runtime, runtime.Api);

    /// <summary>Makes a value over the tensor's own memory; strings are copied.</summary>
    /// <param name="name">The name of the input, for messages.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="pin">Keeps the memory in its place; to be disposed after the value is released.</param>
    public nint Create(string name, Tensor tensor, out MemoryHandle pin)
    {
        if (tensor is Tensor<string> strings)
        {
            pin = default;
            return CreateStrings(name, strings);
        }
        pin = tensor.Pin();
        nint value;
        fixed (long* shape = tensor.Dimensions)
        {
            _api.Check(
                _api.CreateTensorWithDataAsOrtValue(
                    _runtime.CpuMemory,
                    pin.Pointer,
                    (nuint)(tensor.Length * tensor.ElementSizeBytes),
                    shape,
                    (nuint)tensor.Dimensions.Length,
                    (int)tensor.ElementType,
                    &value
                ),
                Creating
            );
        }
        return value;
    }

    /// <summary>Copies a value into a tensor of its own, so that nothing of the runtime outlives the run.</summary>
    public Tensor Read(string name, nint value)
    {
        int type;
        long* sizes;
        nuint rank;
        _api.Check(_api.GetTensorElementTypeAndShapeDataReference(value, &type, &sizes, &rank), Reading);
        var shape = new ReadOnlySpan<long>(sizes, checked((int)rank));
        return (TensorElementType)type switch
        {
            TensorElementType.Float32 => Copy<float>(name, value, shape),
            TensorElementType.Float64 => Copy<double>(name, value, shape),
            TensorElementType.Float16 => Copy<Half>(name, value, shape),
            TensorElementType.Int64 => Copy<long>(name, value, shape),
            TensorElementType.Int32 => Copy<int>(name, value, shape),
            TensorElementType.Int16 => Copy<short>(name, value, shape),
            TensorElementType.Int8 => Copy<sbyte>(name, value, shape),
            TensorElementType.UInt64 => Copy<ulong>(name, value, shape),
            TensorElementType.UInt32 => Copy<uint>(name, value, shape),
            TensorElementType.UInt16 => Copy<ushort>(name, value, shape),
            TensorElementType.UInt8 => Copy<byte>(name, value, shape),
            TensorElementType.Bool => Copy<bool>(name, value, shape),
            TensorElementType.String => CopyStrings(name, value, shape),
            _ => throw new OnnxException(
                OnnxErrorCode.NotImplemented,
                $"The output '{name}' has the ONNX element type {type}, which is not supported."
            ),
        };
    }

    private Tensor<T> Copy<T>(string name, nint value, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var data = GC.AllocateUninitializedArray<T>(Length(name, shape));
        void* source;
        _api.Check(_api.GetTensorMutableData(value, &source), Reading);
        new ReadOnlySpan<T>(source, data.Length).CopyTo(data);
        return new Tensor<T>(data, shape);
    }

    private nint CreateStrings(string name, Tensor<string> tensor)
    {
        nint value;
        fixed (long* shape = tensor.Dimensions)
        {
            _api.Check(
                _api.CreateTensorAsOrtValue(
                    _runtime.Allocator,
                    shape,
                    (nuint)tensor.Dimensions.Length,
                    (int)TensorElementType.String,
                    &value
                ),
                Creating
            );
        }
        try
        {
            var texts = tensor.Span;
            for (var i = 0; i < texts.Length; i++)
                WriteString(value, name, i, texts[i]);
        }
        catch
        {
            _api.ReleaseValue(value);
            throw;
        }
        return value;
    }

    // Through the buffer, because the functions that take a C string stop at the first NUL.
    private void WriteString(nint value, string name, int index, string? text)
    {
        if (text is null)
            throw new InvalidInputsException([new InputFault($"inputs.{name}[{index}]", "The text is null.")]);
        try
        {
            var size = Utf8Text.Strict.GetByteCount(text);
            byte* buffer;
            _api.Check(_api.GetResizedStringTensorElementBuffer(value, (nuint)index, (nuint)size, &buffer), Creating);
            Utf8Text.Strict.GetBytes(text, new Span<byte>(buffer, size));
        }
        catch (EncoderFallbackException)
        {
            const string Message = "The text holds half of a surrogate pair, which no UTF-8 can express.";
            throw new InvalidInputsException([new InputFault($"inputs.{name}[{index}]", Message)]);
        }
    }

    private Tensor<string> CopyStrings(string name, nint value, ReadOnlySpan<long> shape)
    {
        var texts = new string[Length(name, shape)];
        nuint size;
        _api.Check(_api.GetStringTensorDataLength(value, &size), Reading);
        var bytes = new byte[size];
        var offsets = new nuint[texts.Length];
        fixed (byte* text = bytes)
        fixed (nuint* offset = offsets)
            _api.Check(_api.GetStringTensorContent(value, text, size, offset, (nuint)offsets.Length), Reading);
        for (var i = 0; i < texts.Length; i++)
        {
            var start = (int)offsets[i];
            var end = i + 1 < texts.Length ? (int)offsets[i + 1] : bytes.Length;
            texts[i] = Decode(name, i, bytes.AsSpan(start, end - start));
        }
        return new Tensor<string>(texts, shape);
    }

    private static string Decode(string name, int index, ReadOnlySpan<byte> text)
    {
        try
        {
            return Utf8Text.Strict.GetString(text);
        }
        catch (DecoderFallbackException exception)
        {
            throw new OnnxException(
                OnnxErrorCode.Fail,
                $"Element {index} of the output '{name}' is not valid UTF-8; see how the model makes it.",
                exception
            );
        }
    }

    private static int Length(string name, ReadOnlySpan<long> shape)
    {
        Int128 length = 1;
        foreach (var size in shape)
            length *= size;
        return length <= Array.MaxLength
            ? (int)length
            : throw new OnnxException(
                OnnxErrorCode.Fail,
                $"The output '{name}' has {length} elements; an array holds at most {Array.MaxLength}."
            );
    }
}
