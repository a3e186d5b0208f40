using System.Text.Json;
using Larder.Onnx.Serving;
using Larder.Server.Predictions;
using Larder.Server.Telemetry;

namespace Larder.Server.Runtimes;

/// <summary>What an ONNX model answered.</summary>
internal sealed record OnnxAnswer(Prediction Prediction) : IModelAnswer
{
    public PredictionTimes Times => new(Prediction.FilesTime, Prediction.LoadTime, Prediction.RunTime);

    public void Write(Utf8JsonWriter json, string modelId) => PredictionDocument.Write(json, modelId, Prediction);
}
