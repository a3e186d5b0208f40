namespace Larder.Passes.Running;

/// <summary>What a run is doing.</summary>
public enum WorkflowStage
{
    /// <summary>It asks the stores for all keys.</summary>
    LookingUp,

    /// <summary>It gets the input model from its origin.</summary>
    Pulling,

    /// <summary>It gets files from the shared store.</summary>
    Fetching,

    /// <summary>It waits for another worker that computes the same.</summary>
    Waiting,

    /// <summary>It runs a pass or an evaluation.</summary>
    Running,

    /// <summary>It sends an answer to the shared store, while it goes on.</summary>
    Publishing,

    /// <summary>It lays the final model out.</summary>
    LayingOut,
}
