using Larder.Graphs.Eviction;

namespace Larder.Graphs;

/// <summary>A loaded graph as a candidate for eviction.</summary>
internal sealed class SlotCandidate(Slot slot, IReadOnlyList<Candidate> parents) : Candidate(parents)
{
    public Slot Slot => slot;
}
