using Larder.Content;

namespace Larder.Graphs;

/// <inheritdoc cref="GraphRequest"/>
/// <typeparam name="T">What the graph is loaded as.</typeparam>
public sealed class GraphRequest<T> : GraphRequest
    where T : class
{
    /// <summary>Describes a wish for a graph.</summary>
    /// <param name="key">Names everything that the graph depends on.</param>
    /// <param name="load">Makes the graph, which then belongs to the cache; runs on a thread of the pool.</param>
    public GraphRequest(EntryKey key, Func<GraphLoad, CancellationToken, Task<T>> load)
        : base(key)
    {
        ArgumentNullException.ThrowIfNull(load);
        Load = load;
    }

    internal Func<GraphLoad, CancellationToken, Task<T>> Load { get; }

    internal override Type GraphType => typeof(T);

    internal override Slot CreateSlot(GraphCache cache, GraphSize size) =>
        new Slot<T>(cache, this, size) { Name = Name };
}
