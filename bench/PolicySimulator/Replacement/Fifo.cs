using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>Who was loaded first goes first.</summary>
internal sealed class Fifo : IReplacement
{
    private readonly Queue<int> _queue = [];

    public void Hit(Request request) { }

    public void Load(Request request) => _queue.Enqueue(request.Model);

    public IReadOnlyList<int> Evict(Request request, long missingBytes) => [_queue.Dequeue()];
}
