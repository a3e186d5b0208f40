namespace Larder.Graphs;

/// <summary>What a failed load promises for the next try.</summary>
public enum GraphFailureKind
{
    /// <summary>It would fail again: the model is damaged, unknown, or not for this runtime.</summary>
    Permanent,

    /// <summary>It may well succeed in a moment: a file is being written, a network is down.</summary>
    Transient,

    /// <summary>It needs more memory than there was; when another graph has been disposed, it may fit.</summary>
    OutOfMemory,
}
