using Measuring;

namespace Peers;

/// <summary>Several who do the same job, in turns.</summary>
internal sealed class Contest(IReadOnlyList<Contestant> contestants)
{
    private readonly Dictionary<Contestant, List<double>> _times = contestants.ToDictionary(
        one => one,
        _ => new List<double>()
    );
    private readonly Invocation _sync = new("sync");

    /// <summary>Runs all of them so many times; each begins where the others did.</summary>
    public async Task RunAsync(Setting setting)
    {
        for (var round = 0; round < setting.Rounds; round++)
        {
            // Nobody is always the one behind the same other.
            for (var i = 0; i < contestants.Count; i++)
            {
                var contestant = contestants[(i + round) % contestants.Count];
                contestant.Forget();
                // What others have written is on the disk before the clock starts.
                await _sync.RunOnceAsync();
                _times[contestant].Add(await contestant.Command.MeasureAsync());
                contestant.ThrowIfIncomplete(setting.SizeBytes);
            }
        }
    }

    /// <summary>The middle one of the rounds' ratios.</summary>
    public double Ratio(Contestant one, Contestant other) =>
        Middle(_times[one].Zip(_times[other], (mine, yours) => mine / yours));

    /// <summary>A row for each.</summary>
    public void Rows(Report report, Contestant measure, long sizeBytes)
    {
        foreach (var one in contestants)
            report.Row(
                one.Name,
                one.Command.Times.Median / 1e3,
                one.Command.Times.Least / 1e3,
                sizeBytes / 1e3 / one.Command.Times.Median,
                Ratio(one, measure)
            );
    }

    /// <summary>A table of the times, beside those of one of them.</summary>
    public static Report NewReport(string title, Contestant measure) =>
        new(title, "median s", "least s", "MB/s", $"times {measure.Name}");

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
