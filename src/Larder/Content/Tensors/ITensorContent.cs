namespace Larder.Content.Tensors;

/// <summary>A tensor as what it holds, whatever library it is of.</summary>
internal interface ITensorContent
{
    /// <summary>The type of the elements, such as <c>float32</c>.</summary>
    string ElementType { get; }

    /// <summary>The sizes of the dimensions, outermost first; empty for a scalar.</summary>
    IReadOnlyList<long> Shape { get; }

    /// <summary>The elements in row-major order, little-endian.</summary>
    ReadOnlyMemory<byte> Bytes { get; }
}
