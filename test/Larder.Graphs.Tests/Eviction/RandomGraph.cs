using Larder.Graphs.Eviction;

namespace Larder.Graphs.Tests.Eviction;

/// <summary>A graph of a random world.</summary>
internal sealed record RandomGraph(int Number, GraphSize Size, int Leases, GraphFacts Facts, RandomGraph[] Parents)
{
    public bool IsMadeOf(RandomGraph other) => Parents.Any(parent => parent == other || parent.IsMadeOf(other));

    public bool Equals(RandomGraph? other) => Number == other?.Number;

    public override int GetHashCode() => Number;
}
