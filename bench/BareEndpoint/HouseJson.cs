using System.Text.Json.Serialization;

namespace BareEndpoint;

/// <summary>Readers and writers that the compiler generates.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HouseRequest))]
[JsonSerializable(typeof(HouseResponse))]
internal sealed partial class HouseJson : JsonSerializerContext;
