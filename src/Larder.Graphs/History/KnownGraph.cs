using Larder.Graphs.Eviction;
using Larder.Graphs.Failures;

namespace Larder.Graphs.History;

/// <summary>What is known of a graph that is, or was, or could not be loaded.</summary>
internal sealed class KnownGraph
{
    public UseCount Uses { get; set; }

    /// <summary>What it took when it was last loaded; null before that.</summary>
    public GraphSize? Size { get; set; }

    public TimeSpan LoadTime { get; set; }

    /// <summary>Its last load, when that failed.</summary>
    public RememberedFailure? Failure { get; set; }

    /// <summary>When it was last written to; who is oldest is forgotten first.</summary>
    public long Order { get; set; }
}
