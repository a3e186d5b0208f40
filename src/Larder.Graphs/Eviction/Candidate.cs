namespace Larder.Graphs.Eviction;

/// <summary>A graph that may have to make place, as a choice of victims sees it.</summary>
internal class Candidate(IReadOnlyList<Candidate> parents)
{
    public required GraphSize Size { get; init; }

    /// <summary>What the policy may know, but for the bytes that are freed: those depend on what is wanted.</summary>
    public required GraphFacts Facts { get; init; }

    /// <summary>Who holds it, leases and loaded graphs that it is a part of; who is being disposed does not count.</summary>
    public required int Holders { get; set; }

    /// <summary>The graphs that are parts of it and can go after it.</summary>
    public IReadOnlyList<Candidate> Parents => parents;
}
