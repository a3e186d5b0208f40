using Larder.Content;

namespace Larder.Graphs;

/// <summary>What a caller wants of a cache: which graph, how it is loaded, what it takes and how it will be used.</summary>
/// <remarks>Immutable, and free to be used again and by many. Made as <see cref="GraphRequest{T}"/>.</remarks>
public abstract class GraphRequest
{
    private protected GraphRequest(EntryKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
    }

    /// <summary>Names everything that the graph depends on.</summary>
    public EntryKey Key { get; }

    /// <summary>How the graph will be used, default <see cref="GraphUse.Shared"/>.</summary>
    public GraphUse Use { get; init; }

    /// <summary>
    /// What the graph will probably take, and on which devices: for one, what its model's files take on disk. What was measured when
    /// it was loaded before goes first. Default <see cref="GraphSize.Unknown"/>.
    /// </summary>
    public GraphSize EstimatedSize { get; init; } = GraphSize.Unknown;

    /// <summary>Graphs that are parts of this one, such as weights that several sessions share; default none.</summary>
    /// <remarks>
    /// They are loaded before it, with room for all of them taken at once, and are neither evicted nor disposed before it. A hit on
    /// this graph is no use of them.
    /// </remarks>
    public IReadOnlyList<GraphRequest> Parents
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            // A copy: a list that its owner changed later could make a graph a part of itself.
            field =
            [
                .. value,
            ];
            if (field.Contains(null))
                throw new ArgumentException("A parent is null.", nameof(value));
            if (field.Any(parent => parent.IsMadeOf(Key)))
                throw new ArgumentException($"Graph {KeyText.Of(Key)} cannot be a part of itself.", nameof(value));
            if (field.DistinctBy(parent => parent.Key).Count() != field.Count)
                throw new ArgumentException($"Two parents of graph {KeyText.Of(Key)} have one key.", nameof(value));
        }
    } = [];

    /// <summary>Told how far the load is, as a part of 1, while this caller waits for it; default nobody.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>What logs and events call the graph; default null, and then its key stands for it.</summary>
    public string? Name { get; init; }

    internal abstract Type GraphType { get; }

    /// <summary>The request, and those of all its parts.</summary>
    internal IEnumerable<GraphRequest> Closure() => Parents.SelectMany(parent => parent.Closure()).Append(this);

    private bool IsMadeOf(EntryKey key) => Key.Equals(key) || Parents.Any(parent => parent.IsMadeOf(key));

    internal abstract Slot CreateSlot(GraphCache cache, GraphSize size);
}
