namespace Larder.Diffusion.Graph;

/// <summary>How far a run is.</summary>
/// <param name="Node">The node that has done something.</param>
/// <param name="State">What it has done.</param>
/// <param name="Step">The steps that it has done; 0 where it has none.</param>
/// <param name="Steps">The steps that it has to do; 0 where it has none.</param>
/// <param name="NodesFinished">The nodes that are done.</param>
/// <param name="Nodes">The nodes of the graph.</param>
/// <param name="Elapsed">The time since the run began.</param>
public readonly record struct GraphProgress(
    string Node,
    NodeState State,
    int Step,
    int Steps,
    int NodesFinished,
    int Nodes,
    TimeSpan Elapsed
);
