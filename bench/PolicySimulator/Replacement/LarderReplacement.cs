using Larder.Graphs;
using Larder.Graphs.Budgets;
using Larder.Graphs.Eviction;
using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>What <see cref="GraphCache"/> does, by one of its policies: its choice of victims, and its facts kept as it keeps them.</summary>
/// <param name="models">The models of the trace.</param>
/// <param name="policy">The policy, as the product has it.</param>
/// <param name="clockSpeed">
/// How fast the clock of the uses runs: with 4, <see cref="UseCount.HalfLife"/> is over in a quarter of its time, to the tick as if
/// it had been chosen so.
/// </param>
internal sealed class LarderReplacement(IReadOnlyList<Model> models, IEvictionPolicy policy, double clockSpeed = 1)
    : IReplacement
{
    private readonly GraphSize[] _sizes = [.. models.Select(model => GraphSize.OfHost(model.Bytes))];

    // Of all models: the cache's history remembers those that were evicted.
    private readonly UseCount[] _uses = new UseCount[models.Count];
    private readonly long[] _idleOrder = new long[models.Count];
    private readonly HashSet<int> _loaded = [];
    private long _order;

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
        var missing = new Demand();
        missing.Set(GraphDevice.Host, new(Graphs: 0, missingBytes));
        var now = ClockAt(request);
        var victims = VictimChoice.Enough(policy, _loaded.Select(model => CandidateOf(model, now)), missing);
        int[] evicted = [.. victims!.OfType<ModelCandidate>().Select(victim => victim.Model)];
        _loaded.ExceptWith(evicted);
        return evicted;
    }

    private ModelCandidate CandidateOf(int model, DateTimeOffset now) =>
        new(model)
        {
            Size = _sizes[model],
            Holders = 0,
            Facts = new(
                _uses[model].AgeTo(now),
                _uses[model].Total,
                _idleOrder[model],
                models[model].LoadTime,
                FreedBytes: 1
            ),
        };

    private DateTimeOffset ClockAt(Request request) => DateTimeOffset.UnixEpoch + (request.At * clockSpeed);
}
