namespace Larder.Passes;

/// <summary>The team's store as a workflow names it.</summary>
/// <param name="Url">Where: <c>s3://bucket/prefix</c>, <c>az://account/container/prefix</c>, <c>file:///directory</c>.</param>
public sealed record WorkflowSharing(string Url)
{
    /// <summary>No team's store at all, also where the configuration has one.</summary>
    public static WorkflowSharing Off { get; } = new("") { Read = false, Write = false };

    /// <summary>Whether answers are looked for there; true.</summary>
    public bool Read { get; init; } = true;

    /// <summary>Whether answers are published there; true.</summary>
    public bool Write { get; init; } = true;

    /// <summary>The namespace of the entries; null for the configuration's.</summary>
    public string? Namespace { get; init; }

    /// <summary>Where the storage account of an <c>az://</c> address is; null for the configuration's, else Azure's public cloud.</summary>
    public Uri? AccountUrl { get; init; }

    /// <summary>Whether the store is neither read nor written, and need not be there.</summary>
    public bool IsOff => !Read && !Write;
}
