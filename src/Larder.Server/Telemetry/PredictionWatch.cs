using System.Diagnostics;
using Larder.Server.Http;
using Larder.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Telemetry;

/// <summary>Follows one request for predictions of a model that there is, until it is disposed.</summary>
internal sealed class PredictionWatch : IDisposable
{
    private readonly string _model;
    private readonly Activity? _activity;
    private bool _isAnswered;

    private PredictionWatch(string model)
    {
        _model = model;
        _activity = LarderActivities.Start(LarderActivities.Predict)?.SetTag("larder.model.id", model);
    }

    /// <summary>Runs what answers a request, and notes what came of it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="model">The id of the model.</param>
    /// <param name="answer">
    /// Answers it, and says so with <see cref="Answered"/> once the model has; ends without when it has told the caller what is
    /// wrong with the request. What it fails with is thrown on.
    /// </param>
    public static async Task RunAsync(HttpContext context, string model, Func<PredictionWatch, Task> answer)
    {
        using var watch = new PredictionWatch(model);
        try
        {
            await answer(watch);
            if (!watch._isAnswered)
                ServerMeter.CountOther(model, "refused");
        }
        catch (Exception failure)
        {
            watch.Failed(failure, context.RequestAborted.IsCancellationRequested);
            throw;
        }
    }

    /// <summary>Notes that the model has answered.</summary>
    public void Answered(PredictionTimes times)
    {
        _isAnswered = true;
        ServerMeter.CountPrediction(_model, times);
    }

    public void Dispose() => _activity?.Dispose();

    private void Failed(Exception failure, bool isLeft)
    {
        _activity.Fail(failure);
        if (_isAnswered)
            return;
        var outcome =
            isLeft ? "left"
            : Problems.Of(failure, _model) is { Status: < 500 } ? "refused"
            : "failed";
        ServerMeter.CountOther(_model, outcome);
    }
}
