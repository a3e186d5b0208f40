using System.Text.Json;
using Larder.Onnx.Serving;
using Larder.Server.Predictions;
using Larder.Server.Telemetry;

namespace Larder.Server.Runtimes;

/// <summary>What an ONNX model answered to several instances.</summary>
internal sealed record OnnxAnswers(IReadOnlyList<Prediction> Predictions) : IModelAnswer
{
    // All of them waited for the same files and the same load.
    public PredictionTimes Times =>
        Predictions is [var first, ..]
            ? new PredictionTimes(
                first.FilesTime,
                first.LoadTime,
                TimeSpan.FromTicks(Predictions.Sum(prediction => prediction.RunTime.Ticks))
            )
            : default;

    public void Write(Utf8JsonWriter json, string modelId)
    {
        json.WriteStartObject();
        json.WriteStartArray("predictions");
        foreach (var prediction in Predictions)
            PredictionDocument.Write(json, modelId, prediction);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
