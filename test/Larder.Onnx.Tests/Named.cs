namespace Larder.Onnx.Tests;

/// <summary>Shortens the making of inputs.</summary>
internal static class Named
{
    public static Dictionary<string, Tensor> Inputs(params ReadOnlySpan<(string Name, Tensor Tensor)> inputs)
    {
        var named = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in inputs)
            named.Add(name, tensor);
        return named;
    }

    /// <summary>A tensor of a shape with one dimension for all elements.</summary>
    public static Tensor<T> Vector<T>(params T[] values)
        where T : notnull => new(values, values.Length);

    /// <summary>A tensor of shape [n,1].</summary>
    public static Tensor<float> Column(params float[] values) => new(values, values.Length, 1);
}
