namespace Larder.Content.Tensors;

/// <summary>What a tensor holds, whoever's tensor it is.</summary>
internal interface ITensorContent
{
    /// <summary>The name of the element type, such as <c>float32</c>.</summary>
    string ElementType { get; }

    /// <summary>The sizes of the dimensions, outermost first.</summary>
    IReadOnlyList<long> Shape { get; }

    /// <summary>The elements in row-major order, little-endian; of texts, what <see cref="TensorTexts"/> makes of them.</summary>
    ReadOnlyMemory<byte> Bytes { get; }
}
