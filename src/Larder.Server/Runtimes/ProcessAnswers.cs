using System.Text.Json;
using Larder.Server.Predictions;
using Larder.Workers;

namespace Larder.Server.Runtimes;

/// <summary>What workers answered to several instances.</summary>
internal sealed record ProcessAnswers(IReadOnlyList<WorkerPrediction> Predictions) : IModelAnswer
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
