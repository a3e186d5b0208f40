namespace Larder.Onnx.Evaluations;

/// <summary>Names of inputs and outputs in a sentence.</summary>
internal static class Names
{
    public static string Of(IEnumerable<TensorSpec> specs) => Of(specs.Select(spec => spec.Name));

    public static string Of(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
