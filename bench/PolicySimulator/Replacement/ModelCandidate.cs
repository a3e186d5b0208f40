using Larder.Graphs.Eviction;

namespace PolicySimulator.Replacement;

/// <summary>A loaded model as a candidate for eviction.</summary>
internal sealed class ModelCandidate(int model) : Candidate([])
{
    public int Model => model;
}
