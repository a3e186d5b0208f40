using System.Globalization;

namespace PolicySimulator.Traces;

/// <summary>Makes traces: the same one for the same workload, kind and seed.</summary>
internal static class TraceMaker
{
    public static Trace Make(Workload workload, TraceKind kind, int seed)
    {
        var random = new Random(seed);
        // First, so that the models of a seed are the same in each kind of trace.
        var models = MakeModels(workload, random);
        var popularity = new Popularity(models.Count, workload.Zipf, random);
        var requests = new List<Request>(workload.Requests);
        var at = TimeSpan.Zero;
        for (var place = 0; place < workload.Requests; place++)
        {
            if (kind is TraceKind.Drift && place > 0 && place % workload.DriftEvery is 0)
                popularity.Drift();
            var inScan = place < workload.ScanEvery ? int.MaxValue : place % workload.ScanEvery;
            var model = kind is TraceKind.Scan && inScan < models.Count ? inScan : popularity.Draw();
            requests.Add(new(place, at, model));
            at += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) * workload.GapSeconds);
        }
        return new(models, requests);
    }

    private static List<Model> MakeModels(Workload workload, Random random)
    {
        var models = new List<Model>(workload.Models);
        for (var i = 0; i < workload.Models; i++)
        {
            var ratio = (double)workload.MostBytes / workload.LeastBytes;
            var bytes = (long)(workload.LeastBytes * Math.Pow(ratio, random.NextDouble()));
            var seconds =
                workload.LoadSeconds
                + (bytes / workload.BytesPerSecond)
                + (random.NextDouble() * workload.MostCompileSeconds);
            var name = string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:00}");
            models.Add(new(name, bytes, TimeSpan.FromSeconds(seconds)));
        }
        return models;
    }
}
