namespace Larder.Onnx;

/// <summary>The sentences for faults that inputs from C# and from JSON have in common.</summary>
internal static class InputFaults
{
    public const string Root = "inputs";

    // Names come from callers, who may send any number of any length. These are enough to see what is wrong.
    private const int MaxUnknown = 50;
    private const int MaxName = 128;

    public static string PathOf(string name) =>
        name.Length <= MaxName ? $"{Root}.{name}" : $"{Root}.{name.AsSpan(0, MaxName)}…";

    public static InputFault Missing(TensorSpec spec) =>
        new(PathOf(spec.Name), $"The input is missing; the model needs {spec}.");

    public static InputFault Mismatch(TensorSpec spec, Tensor tensor) =>
        new(PathOf(spec.Name), $"The model needs {spec}, and got {tensor}.");

    /// <summary>One fault for each name that the model does not have, the first of them at least.</summary>
    public static IEnumerable<InputFault> Unknown(IReadOnlyList<TensorSpec> specs, IEnumerable<string> names)
    {
        var known = specs.Select(spec => spec.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names.Where(name => !known.Contains(name)).Take(MaxUnknown))
        {
            var nearest = NearestName.Of(name, known);
            var hint = nearest is null ? $"it has {Names(specs)}" : $"did you mean '{nearest}'?";
            yield return new InputFault(PathOf(name), $"The model has no such input; {hint}");
        }
    }

    private static string Names(IReadOnlyList<TensorSpec> specs) =>
        specs.Count == 0 ? "none." : $"{string.Join(", ", specs.Select(spec => $"'{spec.Name}'"))}.";
}
