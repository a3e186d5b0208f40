using System.Diagnostics.Metrics;
using Larder.Server.Http;
using Larder.Telemetry;

namespace Larder.Server.Telemetry;

/// <summary>Counts what the server answers. A model is told by its id, which only the configuration can give.</summary>
internal static class ServerMeter
{
    private static readonly Counter<long> Answered = LarderMeter.Counter(
        "larder.predictions.answered",
        "{request}",
        "Requests for predictions, by model and outcome: answered, refused as they are, failed, left by their caller"
    );

    private static readonly Histogram<double> Duration = LarderMeter.SecondsHistogram(
        "larder.predictions.duration",
        "Time that requests for predictions took which were answered, by model and step: files, load, run",
        LarderMeter.Seconds
    );

    private static readonly Counter<long> Problems = LarderMeter.Counter(
        "larder.server.problems",
        "{problem}",
        "Problem documents that were sent, by type and status"
    );

    public static void CountPrediction(string model, PredictionTimes times)
    {
        var tag = LarderMeter.Tag("model", model);
        Answered.Add(1, tag, LarderMeter.Tag("outcome", "answered"));
        Duration.Record(times.Files.TotalSeconds, tag, LarderMeter.Tag("step", "files"));
        Duration.Record(times.Load.TotalSeconds, tag, LarderMeter.Tag("step", "load"));
        Duration.Record(times.Run.TotalSeconds, tag, LarderMeter.Tag("step", "run"));
    }

    /// <summary>Counts a request that was not answered.</summary>
    /// <param name="model">The id of the model.</param>
    /// <param name="outcome"><c>refused</c>, <c>failed</c> or <c>left</c>.</param>
    public static void CountOther(string model, string outcome) =>
        Answered.Add(1, LarderMeter.Tag("model", model), LarderMeter.Tag("outcome", outcome));

    public static void CountProblem(Problem problem) =>
        Problems.Add(
            1,
            LarderMeter.Tag("type", problem.Type),
            new KeyValuePair<string, object?>("status", problem.Status)
        );
}
