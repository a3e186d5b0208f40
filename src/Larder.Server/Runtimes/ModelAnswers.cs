using System.Text.Json;
using Larder.Server.Telemetry;

namespace Larder.Server.Runtimes;

/// <summary>What a model answered to several instances, in their order.</summary>
internal sealed record ModelAnswers(IReadOnlyList<IModelAnswer> Answers) : IModelAnswer
{
    // All of them waited for the same files and the same load.
    public PredictionTimes Times =>
        Answers is [{ Times: var first }, ..]
            ? first with
            {
                Run = TimeSpan.FromTicks(Answers.Sum(answer => answer.Times.Run.Ticks)),
            }
            : default;

    public void Write(Utf8JsonWriter json, string modelId)
    {
        json.WriteStartObject();
        json.WriteStartArray("predictions");
        foreach (var answer in Answers)
            answer.Write(json, modelId);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
