using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>GreedyDual-Size-Frequency (Cherkasova, 1998), with the seconds of loading as the cost.</summary>
/// <remarks>
/// A model is worth L + uses × seconds ÷ bytes when it is used; L rises to the worth of each that is evicted, which lets those age
/// that are not used. Uses count from the model's load; what it was used before is forgotten.
/// </remarks>
internal sealed class Gdsf(IReadOnlyList<Model> models) : IReplacement
{
    private readonly Dictionary<int, (long Uses, double Worth, int LastUse)> _loaded = [];
    private double _floor;

    public void Hit(Request request) => Use(request, _loaded[request.Model].Uses + 1);

    public void Load(Request request) => Use(request, uses: 1);

    public IReadOnlyList<int> Evict(Request request, long missingBytes)
    {
        var (victim, (_, worth, _)) = _loaded.MinBy(pair => (pair.Value.Worth, pair.Value.LastUse));
        _floor = worth;
        _loaded.Remove(victim);
        return [victim];
    }

    private void Use(Request request, long uses)
    {
        var model = models[request.Model];
        var worth = _floor + (uses * model.LoadTime.TotalSeconds / model.Bytes);
        _loaded[request.Model] = (uses, worth, request.Place);
    }
}
