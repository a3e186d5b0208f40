using System.Globalization;

namespace Larder.Onnx;

/// <summary>
/// One dimension of what a model takes or gives: a fixed size, or free, with a name where the model has one.
/// </summary>
/// <param name="Size">The size; null when it is free.</param>
/// <param name="Name">The symbolic name of a free dimension, such as <c>batch</c>; null when it has none.</param>
public readonly record struct Dimension(long? Size, string? Name = null)
{
    /// <summary>Whether any size will do.</summary>
    public bool IsFree => Size is null;

    /// <summary>The size, the name, or <c>?</c>.</summary>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Name ?? "?";
}
