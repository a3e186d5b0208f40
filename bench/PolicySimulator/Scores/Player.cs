using PolicySimulator.Replacement;
using PolicySimulator.Traces;

namespace PolicySimulator.Scores;

/// <summary>Plays a trace: a cache of so many bytes, its models replaced by somebody else's choice.</summary>
/// <remarks>
/// One request after the other, as if each load ended before the next request came. A model that never fits is loaded for each of
/// its requests and never kept.
/// </remarks>
internal static class Player
{
    public static Score Play(Trace trace, long capacityBytes, IReplacement replacement)
    {
        HashSet<int> loaded = [];
        var free = capacityBytes;
        var hits = 0;
        var (hitBytes, allBytes, seconds) = (0.0, 0.0, 0.0);
        foreach (var request in trace.Requests)
        {
            var model = trace.Models[request.Model];
            allBytes += model.Bytes;
            if (loaded.Contains(request.Model))
            {
                hits++;
                hitBytes += model.Bytes;
                replacement.Hit(request);
                continue;
            }
            seconds += model.LoadTime.TotalSeconds;
            if (model.Bytes > capacityBytes)
                continue;
            while (model.Bytes > free)
            {
                foreach (var victim in replacement.Evict(request, model.Bytes - free))
                {
                    loaded.Remove(victim);
                    free += trace.Models[victim].Bytes;
                }
            }
            loaded.Add(request.Model);
            free -= model.Bytes;
            replacement.Load(request);
        }
        return new((double)hits / trace.Requests.Count, hitBytes / allBytes, seconds);
    }
}
