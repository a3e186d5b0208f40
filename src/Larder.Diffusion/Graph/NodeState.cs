namespace Larder.Diffusion.Graph;

/// <summary>What a node has just done.</summary>
public enum NodeState
{
    /// <summary>It begins.</summary>
    Started,

    /// <summary>It has done a step.</summary>
    Stepped,

    /// <summary>It has set its outputs, and what only it read is freed.</summary>
    Finished,
}
