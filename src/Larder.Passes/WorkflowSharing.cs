namespace Larder.Passes;

/// <summary>The team's store as a workflow names it.</summary>
/// <param name="Url">Where: <c>s3://bucket/prefix</c>, <c>az://account/container/prefix</c>, <c>file:///directory</c>.</param>
public sealed record WorkflowSharing(string Url)
{
    /// <summary>Whether answers are looked for there; true.</summary>
    public bool Read { get; init; } = true;

    /// <summary>Whether answers are published there; true.</summary>
    public bool Write { get; init; } = true;

    /// <summary>The namespace of the entries; null for the configuration's.</summary>
    public string? Namespace { get; init; }
}
