namespace Larder.Recordings;

/// <summary>This parameter stands in requests as an <see cref="IRequestNormalizer"/> makes it.</summary>
/// <param name="normalizer">A type that implements it and has a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NormalizedByAttribute(Type normalizer) : Attribute
{
    /// <summary>The type of the normalizer.</summary>
    public Type Normalizer { get; } = normalizer;
}
