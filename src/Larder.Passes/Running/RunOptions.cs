using Larder.Pull;

namespace Larder.Passes.Running;

/// <summary>How one workflow is run.</summary>
public sealed record RunOptions
{
    /// <summary>Whether failures that are remembered are forgotten, and what failed is run again; false.</summary>
    public bool Retry { get; init; }

    /// <summary>Whether each step of the result tells where its answer was, and on a miss what differs; false.</summary>
    /// <remarks>Reads all entries of passes and evaluations in the local store.</remarks>
    public bool Explain { get; init; }

    /// <summary>How the input model is pulled, such as offline; which of its files and which version is the workflow's to say.</summary>
    public PullOptions Pull { get; init; } = new();

    /// <summary>Told what the run does while it does it, from any thread; null.</summary>
    public IProgress<WorkflowProgress>? Progress { get; init; }
}
