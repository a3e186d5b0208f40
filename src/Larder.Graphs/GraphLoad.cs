using Larder.Content;

namespace Larder.Graphs;

/// <summary>What a load may ask, and tells the cache.</summary>
/// <remarks>Of use only while the load runs.</remarks>
public sealed class GraphLoad
{
    private readonly Slot _slot;

    internal GraphLoad(Slot slot)
    {
        _slot = slot;
        Size = slot.Size;
    }

    /// <summary>The key of the graph; a load reads from it what to build, since a caller's own objects may have changed meanwhile.</summary>
    public EntryKey Key => _slot.Key;

    /// <summary>What the graph takes: the estimate, until the load sets what it has measured.</summary>
    /// <remarks>Counts from the end of the load on, and as the estimate the next time.</remarks>
    public GraphSize Size
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    /// <summary>A part of the graph: one of its <see cref="GraphRequest.Parents"/>, loaded.</summary>
    /// <exception cref="ArgumentException">It is not one of them.</exception>
    public T Parent<T>(GraphRequest<T> parent)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(parent);
        foreach (var slot in _slot.Parents)
        {
            if (slot is Slot<T> typed && slot.Key.Equals(parent.Key))
                return typed.Graph;
        }
        throw new ArgumentException(
            $"Graph {parent.Key} is not among the parents of graph {Key}. Name it in the Parents of its request.",
            nameof(parent)
        );
    }

    /// <summary>Tells those who wait how far the load is, as a part of 1.</summary>
    /// <remarks>They are told on this thread, one after the other. Less than 0 is told as 0, more than 1 as 1.</remarks>
    public void Report(double progress)
    {
        if (!double.IsNaN(progress))
            _slot.Progress.Report(Math.Clamp(progress, 0, 1));
    }
}
