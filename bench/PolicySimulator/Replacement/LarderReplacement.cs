using Larder.Graphs;
using Larder.Graphs.Eviction;
using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>What <see cref="GraphCache"/> does, by one of its policies: its choice of victims, and its facts kept as it keeps them.</summary>
/// <param name="models">The models of the trace.</param>
/// <param name="policy">The policy, as the product has it.</param>
/// <param name="clockSpeed">
/// How fast the clock of the uses runs: with 4, <see cref="UseCount.HalfLife"/> is over in a quarter of its time, just as if it had
/// been chosen so.
/// </param>
internal sealed class LarderReplacement(IReadOnlyList<Model> models, IEvictionPolicy policy, double clockSpeed = 1)
    : IReplacement
{
    // Of all models: the cache's history remembers those that were evicted.
    private readonly UseCount[] _uses = new UseCount[models.Count];
    private readonly long[] _idleOrder = new long[models.Count];
    private readonly HashSet<int> _loaded = [];
    private long _order;

    // A lease, and its return.
    public void Hit(Request request)
    {
        ref var uses = ref _uses[request.Model];
        uses.Add();
        uses.AgeNowAndThen(ClockAt(request));
        _idleOrder[request.Model] = ++_order;
    }

    public void Load(Request request)
    {
        _loaded.Add(request.Model);
        Hit(request);
    }

    public IReadOnlyList<int> Evict(Request request, long missingBytes)
    {
        var now = ClockAt(request);
        var candidates = _loaded.Select(model => new ModelCandidate(
            model,
            models[model],
            _uses[model].AgeTo(now),
            _uses[model].Total,
            _idleOrder[model]
        ));
        var victims = ModelCandidate.Victims(policy, candidates, missingBytes);
        _loaded.ExceptWith(victims);
        return victims;
    }

    private DateTimeOffset ClockAt(Request request) => DateTimeOffset.UnixEpoch + (request.At * clockSpeed);
}
