using System.Text.Json;
using Larder.Onnx.Serving;
using Larder.Server.Predictions;

namespace Larder.Server.Runtimes;

/// <summary>What an ONNX model answered.</summary>
internal sealed record OnnxAnswer(Prediction Prediction) : IModelAnswer
{
    public void Write(Utf8JsonWriter json, string modelId) => PredictionDocument.Write(json, modelId, Prediction);
}
