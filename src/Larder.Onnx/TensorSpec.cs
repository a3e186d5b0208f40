namespace Larder.Onnx;

/// <summary>What a model takes or gives under a name.</summary>
/// <param name="Name">The name of the input or output.</param>
/// <param name="ElementType">The type of the elements.</param>
/// <param name="Shape">The dimensions, outermost first; empty for a scalar and for a spec without a shape.</param>
public sealed record TensorSpec(string Name, TensorElementType ElementType, IReadOnlyList<Dimension> Shape)
{
    /// <summary>False when the model does not say how many dimensions there are; true by default.</summary>
    public bool HasShape { get; init; } = true;

    /// <summary>Type and shape, such as <c>float32[batch,3]</c>; <c>float32[...]</c> without a shape.</summary>
    public override string ToString() => $"{ElementType.Name()}[{(HasShape ? string.Join(',', Shape) : "...")}]";

    internal bool Accepts(ReadOnlySpan<long> shape)
    {
        if (!HasShape)
            return true;
        if (Shape.Count != shape.Length)
            return false;
        for (var i = 0; i < shape.Length; i++)
        {
            if (Shape[i].Size is { } size && size != shape[i])
                return false;
        }
        return true;
    }
}
