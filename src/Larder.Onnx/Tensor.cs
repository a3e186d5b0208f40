using System.Buffers;
using System.Globalization;
using System.Text.Json.Serialization;
using Larder.Content.Tensors;
using Larder.Onnx.Json;

namespace Larder.Onnx;

/// <summary>Elements of one type in row-major order, with a shape. It cannot be changed once made.</summary>
/// <remarks>System.Text.Json writes and reads it with its type, its shape and every bit; for people's JSON see <see cref="TensorJson"/>.</remarks>
[JsonConverter(typeof(TensorConverter))]
public abstract class Tensor : ITensorContent
{
    private readonly long[] _shape;

    private protected Tensor(TensorElementType elementType, ReadOnlySpan<long> shape, int dataLength)
    {
        ElementType = elementType;
        _shape = shape.ToArray();
        Length = ElementCount(shape);
        if (Length != dataLength)
            throw new ArgumentException(
                $"{dataLength} elements do not fill {this}, which has {Length}.",
                nameof(shape)
            );
    }

    /// <summary>The type of the elements.</summary>
    public TensorElementType ElementType { get; }

    /// <summary>The sizes of the dimensions, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>The number of elements.</summary>
    public long Length { get; }

    string ITensorContent.ElementType => ElementType.Name();

    ReadOnlyMemory<byte> ITensorContent.Bytes => ToBytes();

    internal ReadOnlySpan<long> Dimensions => _shape;

    /// <summary>The bytes of one element; 0 for strings, which have no fixed size.</summary>
    internal abstract int ElementSizeBytes { get; }

    /// <summary>Such as <c>float32[2,3]</c>.</summary>
    public override string ToString() => $"{ElementType.Name()}{Format(_shape)}";

    /// <summary>Keeps the elements where they are until the handle is disposed. Not for strings.</summary>
    internal abstract MemoryHandle Pin();

    /// <summary>The same elements, not copied, in another shape that has as many.</summary>
    internal abstract Tensor Reshaped(ReadOnlySpan<long> shape);

    /// <summary>A copy of the elements, little-endian; of strings as <see cref="TensorTexts"/> makes it.</summary>
    private protected abstract byte[] ToBytes();

    internal static string Format(ReadOnlySpan<long> shape)
    {
        var sizes = new string[shape.Length];
        for (var i = 0; i < shape.Length; i++)
            sizes[i] = shape[i].ToString(CultureInfo.InvariantCulture);
        return $"[{string.Join(',', sizes)}]";
    }

    private static long ElementCount(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (var size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            if (size != 0 && count > long.MaxValue / size)
                throw new ArgumentException(
                    $"The shape {Format(shape)} has more elements than 64 bits count.",
                    nameof(shape)
                );
            count *= size;
        }
        return count;
    }
}
