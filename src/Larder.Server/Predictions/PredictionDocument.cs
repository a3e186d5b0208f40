using System.Text.Json;
using Larder.Content;
using Larder.Onnx;
using Larder.Onnx.Serving;
using Larder.Pull;
using Larder.Workers;

namespace Larder.Server.Predictions;

/// <summary>The answer to a prediction as JSON: the same over HTTP and from the command, whatever answered.</summary>
public static class PredictionDocument
{
    /// <summary>Writes the answer of an ONNX model.</summary>
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
        WriteRest(
            json,
            modelId,
            new Rest(
                prediction.Version,
                prediction.Files,
                prediction.FromCache,
                prediction.GraphFromCache,
                prediction.FilesTime,
                prediction.LoadTime,
                prediction.RunTime,
                prediction.TotalTime
            )
        );
    }

    /// <summary>Writes the answer of a worker, its outputs as they came.</summary>
    /// <param name="json">Where to write; a value must be expected there.</param>
    /// <param name="modelId">The id, or the reference, that was asked.</param>
    /// <param name="prediction">What the worker answered.</param>
    public static void Write(Utf8JsonWriter json, string modelId, WorkerPrediction prediction)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(prediction);
        json.WriteStartObject();
        json.WritePropertyName("prediction");
        WritePrediction(json, prediction.Outputs.EnumerateObject().First().Value);
        json.WritePropertyName("outputs");
        WriteRaw(json, prediction.Outputs);
        WriteRest(
            json,
            modelId,
            new Rest(
                prediction.Version,
                prediction.Files,
                prediction.FromCache,
                prediction.GraphFromCache,
                prediction.FilesTime,
                prediction.LoadTime,
                prediction.RunTime,
                prediction.TotalTime
            )
        );
    }

    /// <summary>Writes an output of a worker: a plain value where it has one element.</summary>
    public static void WritePrediction(Utf8JsonWriter json, JsonElement output)
    {
        ArgumentNullException.ThrowIfNull(json);
        while (output.ValueKind is JsonValueKind.Array && output.GetArrayLength() == 1)
            output = output[0];
        WriteRaw(json, output);
    }

    // As the worker wrote it, down to the digits of its numbers. It was read once, so it needs no second look.
    private static void WriteRaw(Utf8JsonWriter json, JsonElement value) =>
        json.WriteRawValue(
            System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value),
            skipInputValidation: true
        );

    private static void WriteRest(Utf8JsonWriter json, string modelId, Rest rest)
    {
        json.WriteBoolean("from_cache", rest.FromCache);
        // The prior system could answer from a stand-in when its model was missing. Larder has none: it answers or fails.
        json.WriteBoolean("uses_real_model", true);
        json.WriteString("model_id", modelId);
        json.WriteString("model_version", rest.Version.ToString());
        json.WriteStartObject("cache");
        json.WriteString("files", rest.Files.ToString().ToLowerInvariant());
        json.WriteString("graph", rest.GraphFromCache ? "hit" : "miss");
        json.WriteEndObject();
        json.WriteStartObject("seconds");
        WriteSeconds(json, "files", rest.FilesTime);
        WriteSeconds(json, "load", rest.LoadTime);
        WriteSeconds(json, "run", rest.RunTime);
        WriteSeconds(json, "total", rest.TotalTime);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan time) =>
        json.WriteNumber(name, Math.Round(time.TotalSeconds, 7));

    private readonly record struct Rest(
        Digest Version,
        PullOutcome Files,
        bool FromCache,
        bool GraphFromCache,
        TimeSpan FilesTime,
        TimeSpan LoadTime,
        TimeSpan RunTime,
        TimeSpan TotalTime
    );
}
