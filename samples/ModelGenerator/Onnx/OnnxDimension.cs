namespace ModelGenerator.Onnx;

/// <summary>One dimension of an input or an output: a number, a name, or neither, for one that is free.</summary>
public readonly record struct OnnxDimension
{
    private OnnxDimension(long? value, string? name) => (Value, Name) = (value, name);

    /// <summary>The size, where it is fixed.</summary>
    public long? Value { get; }

    /// <summary>The name of a free dimension, such as <c>batch</c>; equal names mean equal sizes.</summary>
    public string? Name { get; }

    /// <summary>A fixed size.</summary>
    public static implicit operator OnnxDimension(long value) => new(value, name: null);

    /// <summary>A free size with a name.</summary>
    public static implicit operator OnnxDimension(string name) => new(value: null, name);
}
