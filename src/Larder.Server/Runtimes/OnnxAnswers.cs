using System.Text.Json;
using Larder.Onnx.Serving;
using Larder.Server.Predictions;

namespace Larder.Server.Runtimes;

/// <summary>What an ONNX model answered to several instances.</summary>
internal sealed record OnnxAnswers(IReadOnlyList<Prediction> Predictions) : IModelAnswer
{
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
