using System.Text.Json;
using Larder.Onnx;
using Larder.Onnx.Serving;

namespace Larder.Server.Predictions;

/// <summary>The answer to a prediction as JSON: the same over HTTP and from the command.</summary>
public static class PredictionDocument
{
    /// <summary>Writes the answer.</summary>
    /// <param name="json">Where to write; a value must be expected there.</param>
    /// <param name="modelId">The id, or the reference, that was asked.</param>
    /// <param name="prediction">What the model answered.</param>
    public static void Write(Utf8JsonWriter json, string modelId, Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(prediction);
        json.WriteStartObject();
        json.WritePropertyName("prediction");
        TensorJson.WritePrediction(json, prediction.Outputs[prediction.Specs[0].Name]);
        json.WritePropertyName("outputs");
        TensorJson.WriteOutputs(json, prediction.Specs, prediction.Outputs);
        json.WriteBoolean("from_cache", prediction.FromCache);
        // The prior system could answer from a stand-in when its model was missing. Larder has none: it answers or fails.
        json.WriteBoolean("uses_real_model", true);
        json.WriteString("model_id", modelId);
        json.WriteString("model_version", prediction.Version.ToString());
        json.WriteStartObject("cache");
        json.WriteString("files", prediction.Files.ToString().ToLowerInvariant());
        json.WriteString("graph", prediction.GraphFromCache ? "hit" : "miss");
        json.WriteEndObject();
        json.WriteStartObject("seconds");
        WriteSeconds(json, "files", prediction.FilesTime);
        WriteSeconds(json, "load", prediction.LoadTime);
        WriteSeconds(json, "run", prediction.RunTime);
        WriteSeconds(json, "total", prediction.TotalTime);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan time) =>
        json.WriteNumber(name, Math.Round(time.TotalSeconds, 7));
}
