using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Larder.Content.Tensors;
using Larder.Onnx.Json;

namespace Larder.Onnx;

/// <summary>A tensor whose elements are in memory as <typeparamref name="T"/>: a number type, bool or string.</summary>
/// <typeparam name="T">float, double, Half, bool, string or an integer of 8 to 64 bits.</typeparam>
[JsonConverter(typeof(TensorConverter))]
public sealed class Tensor<T> : Tensor
    where T : notnull
{
    /// <summary>
    /// Makes a tensor over the caller's memory; nothing is copied, so leave it unchanged while the tensor is used.
    /// </summary>
    /// <exception cref="ArgumentException">The shape does not have as many elements as the data.</exception>
    /// <exception cref="NotSupportedException">There are no tensors of <typeparamref name="T"/>.</exception>
    public Tensor(ReadOnlyMemory<T> data, params ReadOnlySpan<long> shape)
        : base(ElementTypes.Of<T>(), shape, data.Length) => Data = data;

    /// <summary>The elements, in row-major order.</summary>
    public ReadOnlyMemory<T> Data { get; }

    /// <summary>The elements, in row-major order.</summary>
    public ReadOnlySpan<T> Span => Data.Span;

    internal override int ElementSizeBytes =>
        RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? 0 : Unsafe.SizeOf<T>();

    internal override MemoryHandle Pin() => Data.Pin();

    internal override Tensor Reshaped(ReadOnlySpan<long> shape) => new Tensor<T>(Data, shape);

    private protected override byte[] ToBytes() =>
        this is Tensor<string> texts ? TensorTexts.BytesOf(texts.Span) : LittleEndian.BytesOf(Data.Span);
}
