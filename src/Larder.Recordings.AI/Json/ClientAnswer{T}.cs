using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.AI.Json;

/// <summary>An answer as recordings hold it: the library's own JSON, with bytes and vectors apart.</summary>
/// <remarks>Apart, so that long ones lie in files of their own, a picture as one that can be looked at.</remarks>
internal sealed class ClientAnswer<T>
    where T : class
{
    [JsonPropertyName("json")]
    public required JsonElement Json { get; init; }

    [JsonPropertyName("data")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<byte[]>? Data { get; init; }

    [JsonPropertyName("vectors")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float[]>? Vectors { get; init; }

    /// <summary>What the client answered, where it did: who records gets that, raw representations and all.</summary>
    internal T? Made { get; set; }

    public T Read() => Made ?? ClientJson.Read<T>(Json, new ClientParts(Data ?? [], Vectors ?? []));
}
