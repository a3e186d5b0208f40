using Larder.Graphs.Eviction;
using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>Knows the trace: who saves the fewest seconds for each byte and each request that it has to stay for goes.</summary>
/// <remarks>
/// A heuristic after Belady's rule, with the product's choice of victims. No optimum: sizes and times differ, and for such the best
/// choice is hard to compute. It shows what is to be had from knowing the future, not the limit of that.
/// </remarks>
internal sealed class Clairvoyant : IReplacement
{
    private const int Never = int.MaxValue;

    private readonly CostPolicy _policy = new();
    private readonly IReadOnlyList<Model> _models;

    // For each request the place of the next one for the same model.
    private readonly int[] _next;

    // The same for each model that is loaded.
    private readonly Dictionary<int, int> _loaded = [];

    public Clairvoyant(Trace trace)
    {
        _models = trace.Models;
        _next = new int[trace.Requests.Count];
        var next = new int[trace.Models.Count];
        Array.Fill(next, Never);
        for (var place = _next.Length - 1; place >= 0; place--)
        {
            var model = trace.Requests[place].Model;
            (_next[place], next[model]) = (next[model], place);
        }
    }

    public void Hit(Request request) => _loaded[request.Model] = _next[request.Place];

    public void Load(Request request) => Hit(request);

    public IReadOnlyList<int> Evict(Request request, long missingBytes)
    {
        // One use in so many requests is the rate that the policy else has to guess from the past.
        var candidates = _loaded.Select(pair => new ModelCandidate(
            pair.Key,
            _models[pair.Key],
            agedUses: pair.Value is Never ? 0 : 1.0 / (pair.Value - request.Place),
            uses: 0,
            idleOrder: 0
        ));
        var victims = ModelCandidate.Victims(_policy, candidates, missingBytes);
        foreach (var victim in victims)
            _loaded.Remove(victim);
        return victims;
    }
}
