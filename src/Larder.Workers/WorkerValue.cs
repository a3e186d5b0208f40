namespace Larder.Workers;

/// <summary>What a model takes or gives under a name, as its worker tells it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">One of <see cref="Types"/>.</param>
/// <param name="Shape">The dimensions, outermost first; null when it does not tell.</param>
public sealed record WorkerValue(string Name, string Type, IReadOnlyList<WorkerDimension>? Shape)
{
    /// <summary>The types that values can have: those that models of every runtime are described with.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "float32",
        "uint8",
        "int8",
        "uint16",
        "int16",
        "int32",
        "int64",
        "string",
        "bool",
        "float16",
        "float64",
        "uint32",
        "uint64",
    ];
}
