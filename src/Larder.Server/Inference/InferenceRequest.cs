namespace Larder.Server.Inference;

/// <summary>What an inference request asks.</summary>
internal sealed record InferenceRequest
{
    /// <summary>The caller's own name of the request, which the answer repeats; null where he gave none.</summary>
    public string? Id { get; init; }

    /// <summary>The inputs, in the caller's order.</summary>
    public required IReadOnlyList<InferenceInput> Inputs { get; init; }

    /// <summary>The outputs wanted; null for all.</summary>
    public IReadOnlyList<InferenceOutput>? Outputs { get; init; }

    /// <summary>Whether outputs stand as bytes behind the answer's document unless one says otherwise.</summary>
    public bool IsBinaryByDefault { get; init; }
}
