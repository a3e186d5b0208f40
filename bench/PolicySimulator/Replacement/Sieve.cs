using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>SIEVE (Zhang and others, NSDI 2024), evicting until there are bytes enough; it knows neither sizes nor times.</summary>
/// <remarks>
/// A hand goes from the oldest to the newest: whoever was used since it last came by is let off, whoever was not goes. Unlike with
/// CLOCK nobody changes places.
/// </remarks>
internal sealed class Sieve : IReplacement
{
    // The newest first.
    private readonly LinkedList<int> _queue = [];
    private readonly HashSet<int> _visited = [];
    private LinkedListNode<int>? _hand;

    public void Hit(Request request) => _visited.Add(request.Model);

    public void Load(Request request) => _queue.AddFirst(request.Model);

    public IReadOnlyList<int> Evict(Request request, long missingBytes)
    {
        var node = _hand ?? _queue.Last!;
        while (_visited.Remove(node.Value))
            node = node.Previous ?? _queue.Last!;
        _hand = node.Previous;
        _queue.Remove(node);
        return [node.Value];
    }
}
