namespace PolicySimulator.Traces;

/// <summary>Which model is how popular, and draws by that (Zipf's law).</summary>
internal sealed class Popularity
{
    private readonly Random _random;
    private readonly List<int> _modelAtRank;

    // The sum of the weights up to each rank.
    private readonly double[] _upTo;

    public Popularity(int models, double exponent, Random random)
    {
        _random = random;
        var shuffled = Enumerable.Range(0, models).ToArray();
        random.Shuffle(shuffled);
        _modelAtRank = [.. shuffled];
        _upTo = new double[models];
        var sum = 0.0;
        for (var rank = 0; rank < models; rank++)
            _upTo[rank] = sum += Math.Pow(rank + 1, -exponent);
    }

    public int Draw()
    {
        var found = Array.BinarySearch(_upTo, _random.NextDouble() * _upTo[^1]);
        return _modelAtRank[found < 0 ? ~found : found];
    }

    /// <summary>Gives a random model a random rank; who stands between moves up or down by one.</summary>
    public void Drift()
    {
        var from = _random.Next(_modelAtRank.Count);
        var model = _modelAtRank[from];
        _modelAtRank.RemoveAt(from);
        _modelAtRank.Insert(_random.Next(_modelAtRank.Count + 1), model);
    }
}
