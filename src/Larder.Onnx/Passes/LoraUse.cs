using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Onnx.Passes;

/// <summary>One LoRA that is added to a model.</summary>
internal sealed record LoraUse
{
    /// <summary>Its file, relative to the workflow or absolute.</summary>
    public string? File { get; set; }

    /// <summary>What it is multiplied with; 1.</summary>
    public double Strength { get; set; } = 1;

    /// <summary>Members that there are not, to be told by name.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}
