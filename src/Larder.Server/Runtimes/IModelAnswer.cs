using System.Text.Json;
using Larder.Server.Telemetry;

namespace Larder.Server.Runtimes;

/// <summary>What a model answered, with what each step took.</summary>
internal interface IModelAnswer
{
    /// <summary>What its steps took.</summary>
    PredictionTimes Times { get; }

    /// <summary>Writes the answer of <c>POST /api/models/{id}/predict</c>.</summary>
    /// <param name="json">Where to write; a value must be expected there.</param>
    /// <param name="modelId">The id that was asked.</param>
    void Write(Utf8JsonWriter json, string modelId);
}
