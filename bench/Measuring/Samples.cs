namespace Measuring;

/// <summary>Times of one thing, and what can be said of them.</summary>
public sealed class Samples
{
    private readonly List<double> _milliseconds = [];

    public int Count => _milliseconds.Count;

    public double Median => Quantile(0.5);

    public double P99 => Quantile(0.99);

    public double Least => Quantile(0);

    public void Add(TimeSpan time) => _milliseconds.Add(time.TotalMilliseconds);

    public void Add(Samples others) => _milliseconds.AddRange(others._milliseconds);

    private double Quantile(double share)
    {
        var sorted = _milliseconds.Order().ToList();
        return sorted[Math.Min((int)(share * sorted.Count), sorted.Count - 1)];
    }
}
