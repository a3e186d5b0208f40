using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>Knows the trace: who saves the fewest seconds for each byte and each request that it has to stay for goes.</summary>
/// <remarks>
/// A heuristic after Belady's rule. No optimum: sizes and times differ, and for such the best choice is hard to compute. It shows what
/// is to be had from knowing the future, not the limit of that.
/// </remarks>
internal sealed class Clairvoyant : IReplacement
{
    private readonly IReadOnlyList<Model> _models;

    // For each request the place of the next one for the same model; int.MaxValue where there is none.
    private readonly int[] _next;
    private readonly Dictionary<int, int> _nextUse = [];

    public Clairvoyant(Trace trace)
    {
        _models = trace.Models;
        _next = new int[trace.Requests.Count];
        var next = new int[trace.Models.Count];
        Array.Fill(next, int.MaxValue);
        for (var place = _next.Length - 1; place >= 0; place--)
        {
            var model = trace.Requests[place].Model;
            (_next[place], next[model]) = (next[model], place);
        }
    }

    public void Hit(Request request) => _nextUse[request.Model] = _next[request.Place];

    public void Load(Request request) => Hit(request);

    public IReadOnlyList<int> Evict(Request request, long missingBytes)
    {
        var victim = _nextUse.MinBy(pair => Worth(pair.Key, pair.Value, request.Place)).Key;
        _nextUse.Remove(victim);
        return [victim];
    }

    private double Worth(int model, int nextUse, int now) =>
        nextUse is int.MaxValue
            ? 0
            : _models[model].LoadTime.TotalSeconds / _models[model].Bytes / (nextUse - now);
}
