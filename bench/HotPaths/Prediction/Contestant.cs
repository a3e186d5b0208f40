using Measuring;

namespace HotPaths.Prediction;

/// <summary>One of the two servers, with its results round by round.</summary>
internal sealed class Contestant(ServerProcess server)
{
    private const int Connections = 8;

    private readonly List<double> _medians = [];
    private readonly List<double> _rates = [];

    /// <summary>The times of all requests that were sent one after the other.</summary>
    public Samples Times { get; } = new();

    /// <summary>The median of each round, in milliseconds.</summary>
    public IReadOnlyList<double> Medians => _medians;

    /// <summary>Requests per second over eight connections; the middle one of all rounds.</summary>
    public double Rate => _rates.Order().ElementAt(_rates.Count / 2);

    public async Task WarmUpAsync(int requests)
    {
        await Load.InTurnAsync(server, requests);
        await Load.AtOnceAsync(server, Connections, requests / Connections);
    }

    public async Task LatencyRoundAsync(int requests)
    {
        var times = await Load.InTurnAsync(server, requests);
        Times.Add(times);
        _medians.Add(times.Median);
    }

    public async Task RateRoundAsync(int requests) =>
        _rates.Add(await Load.AtOnceAsync(server, Connections, requests / Connections));
}
