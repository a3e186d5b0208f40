using System.Globalization;

namespace Larder.Workers;

/// <summary>One dimension of what a model takes or gives: a fixed size, or free, with a name or without.</summary>
/// <param name="Size">The size; null when it is free.</param>
/// <param name="Name">The name of a free dimension, such as <c>batch</c>; null when it has none.</param>
public readonly record struct WorkerDimension(long? Size, string? Name = null)
{
    /// <summary>The size, the name, or <c>?</c>.</summary>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Name ?? "?";
}
