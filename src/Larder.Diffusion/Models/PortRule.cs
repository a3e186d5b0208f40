using Larder.Onnx;

namespace Larder.Diffusion.Models;

/// <summary>What an input or an output of a model must be.</summary>
/// <param name="Name">The name.</param>
/// <param name="ElementType">The type of the elements.</param>
/// <param name="Shape">For each dimension the sizes that it must take; none for any size.</param>
internal sealed record PortRule(
    string Name,
    TensorElementType ElementType,
    params IReadOnlyList<IReadOnlyList<int>> Shape
)
{
    public bool Fits(TensorSpec spec) =>
        spec.ElementType == ElementType
        && (
            !spec.HasShape
            || (spec.Shape.Count == Shape.Count && spec.Shape.Zip(Shape).All(x => Fits(x.First, x.Second)))
        );

    /// <summary>Such as <c>float32[1 or 2,42,any]</c>.</summary>
    public override string ToString()
    {
        var anything = new TensorSpec(
            Name,
            ElementType,
            [.. Shape.Select(sizes => new Dimension(Size: null, Say(sizes)))]
        );
        return anything.ToString();
    }

    private static bool Fits(Dimension dimension, IReadOnlyList<int> sizes) =>
        dimension.Size is not { } size || (sizes.Count > 0 && sizes.All(needed => needed == size));

    private static string Say(IReadOnlyList<int> sizes) =>
        sizes.Count == 0 ? "any" : string.Join(" or ", sizes.Distinct().Order());
}
