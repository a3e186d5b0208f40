using System.Diagnostics;
using Measuring;

namespace HotPaths.Prediction;

/// <summary>What a server is asked to bear, and how it did.</summary>
internal static class Load
{
    /// <summary>One request after the other over one connection: the time that each took.</summary>
    public static async Task<Samples> InTurnAsync(ServerProcess server, int requests)
    {
        var times = new Samples();
        for (var i = 0; i < requests; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await server.PredictAsync();
            times.Add(Stopwatch.GetElapsedTime(start));
        }
        return times;
    }

    /// <summary>Several connections, each as fast as it is answered: requests per second.</summary>
    public static async Task<double> AtOnceAsync(ServerProcess server, int connections, int requestsEach)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable.Range(0, connections).Select(_ => Task.Run(() => InTurnAsync(server, requestsEach)))
        );
        return connections * requestsEach / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
