using System.Text.Json;
using Larder.Server.Predictions;
using Larder.Server.Telemetry;
using Larder.Workers;

namespace Larder.Server.Runtimes;

/// <summary>What a worker answered.</summary>
internal sealed record ProcessAnswer(WorkerPrediction Prediction) : IModelAnswer
{
    public PredictionTimes Times => new(Prediction.FilesTime, Prediction.LoadTime, Prediction.RunTime);

    public void Write(Utf8JsonWriter json, string modelId) => PredictionDocument.Write(json, modelId, Prediction);
}
