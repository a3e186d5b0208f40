using System.Text.Json.Nodes;

namespace Larder.Passes;

/// <summary>All that the result of a step depends on besides its input and the kind of step: what goes into its key.</summary>
public sealed record StepFacts
{
    /// <summary>All options with their defaults; a path in it stands as it was written, for what counts is in <see cref="Files"/>.</summary>
    public required JsonObject Config { get; init; }

    /// <summary>Facts of where it runs that change its result, such as <c>onnxruntime</c>: <c>1.30.0</c>; none.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The files and directories that the options name, as they are named, with their absolute paths; none.</summary>
    /// <remarks>The digests of their content are part of the key, in which they are called by the first of the two.</remarks>
    public IReadOnlyDictionary<string, string> Files { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}
