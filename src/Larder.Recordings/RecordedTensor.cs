using System.Runtime.CompilerServices;
using Larder.Content.Tensors;

namespace Larder.Recordings;

/// <summary>Elements of one type in row-major order, with a shape: what stands in recordings for tensors of any library.</summary>
/// <remarks>It cannot be changed once made, as long as nobody changes the memory that it was made of.</remarks>
public sealed class RecordedTensor : ITensorContent
{
    private readonly long[] _shape;

    /// <summary>Makes a tensor of bytes.</summary>
    /// <param name="elementType">
    /// <c>float16</c>, <c>float32</c>, <c>float64</c>, <c>int8</c> to <c>int64</c>, <c>uint8</c> to <c>uint64</c>, or <c>bool</c>.
    /// </param>
    /// <param name="shape">The sizes of the dimensions, outermost first; empty for a scalar.</param>
    /// <param name="bytes">The elements, little-endian.</param>
    /// <exception cref="ArgumentException">There is no such element type, or the bytes do not fill the shape.</exception>
    public RecordedTensor(string elementType, IReadOnlyList<long> shape, ReadOnlyMemory<byte> bytes)
        : this(elementType, shape, bytes, SizeOf(elementType)) { }

    private RecordedTensor(string elementType, IReadOnlyList<long> shape, ReadOnlyMemory<byte> bytes, int elementBytes)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ElementType = elementType;
        _shape = [.. shape];
        Bytes = bytes;
        Int128 expected = elementBytes;
        foreach (var size in _shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            // Far below where it would overflow, and far above what memory holds.
            expected = Int128.Min(expected * size, long.MaxValue);
        }
        if (expected != bytes.Length)
            throw new ArgumentException($"{this} has {expected} bytes, and {bytes.Length} were given.", nameof(bytes));
    }

    /// <summary>The name of the element type, such as <c>float32</c>.</summary>
    public string ElementType { get; }

    /// <summary>The sizes of the dimensions, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>The elements in row-major order, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Makes a tensor of a copy of elements.</summary>
    /// <typeparam name="T">A number type of 8 to 64 bits, or bool.</typeparam>
    /// <param name="elements">The elements in row-major order.</param>
    /// <param name="shape">The sizes of the dimensions, outermost first; empty for a scalar.</param>
    /// <exception cref="ArgumentException">The elements do not fill the shape.</exception>
    /// <exception cref="NotSupportedException">There are no tensors of <typeparamref name="T"/>.</exception>
    public static RecordedTensor Of<T>(ReadOnlySpan<T> elements, params ReadOnlySpan<long> shape)
        where T : unmanaged => new(ElementOf<T>().Name, shape.ToArray(), LittleEndian.BytesOf(elements));

    /// <summary>A copy of the elements in row-major order.</summary>
    /// <typeparam name="T">What the elements are.</typeparam>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public T[] ToArray<T>()
        where T : unmanaged =>
        ElementOf<T>().Name == ElementType
            ? LittleEndian.ElementsOf<T>(Bytes.Span)
            : throw new InvalidOperationException($"{this} has no elements of {ElementOf<T>().Name}.");

    /// <summary>Such as <c>float32[2,3]</c>.</summary>
    public override string ToString() => $"{ElementType}[{string.Join(',', _shape)}]";

    private static TensorElement ElementOf<T>() =>
        TensorElement.Of(typeof(T))
        ?? throw new NotSupportedException(
            $"There are no tensors of {typeof(T)}; use a number type of 8 to 64 bits, or bool."
        );

    private static int SizeOf(
        string elementType,
        [CallerArgumentExpression(nameof(elementType))] string? name = null
    ) =>
        TensorElement.Of(elementType)?.SizeBytes
        ?? throw new ArgumentException($"There are no tensors of '{elementType}'; use a name such as float32.", name);
}
