using HotPaths.Prediction;

namespace HotPaths.Loading;

/// <summary>One of the servers under load, with its results round by round.</summary>
internal sealed class LoadedServer(string name, ServerProcess server, string script, int connections)
{
    private readonly List<Wrk.Run> _runs = [];
    private readonly List<double> _processorTimes = [];

    public string Name => name;

    /// <summary>The rounds, in their order.</summary>
    public IReadOnlyList<Wrk.Run> Runs => _runs;

    /// <summary>Loads it without noting what comes of it.</summary>
    public Task WarmUpAsync(int seconds) => Wrk.RunAsync(script, server.Address, connections, seconds);

    /// <summary>The server's own processor time for a request, in microseconds; the middle one of all rounds.</summary>
    public double ProcessorTime => MiddleOf(_processorTimes);

    /// <summary>Loads it for a round.</summary>
    public async Task RoundAsync(int seconds)
    {
        var before = server.ProcessorTime;
        var run = await Wrk.RunAsync(script, server.Address, connections, seconds);
        _processorTimes.Add((server.ProcessorTime - before).TotalMicroseconds / run.Requests);
        _runs.Add(run);
    }

    /// <summary>The middle one of what was seen in all rounds.</summary>
    public double Middle(Func<Wrk.Run, double> of) => MiddleOf(_runs.Select(of));

    /// <summary>Of each pair of rounds, which ran side by side, and then the middle one.</summary>
    public double Ratio(LoadedServer other, Func<Wrk.Run, double> of) =>
        MiddleOf(_runs.Zip(other._runs, (mine, theirs) => of(mine) / of(theirs)));

    private static double MiddleOf(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
