using System.Text.Json;
using Larder.Content;

namespace Larder.Diffusion;

/// <summary>Words for a value of JSON that is not what it should be.</summary>
internal static class JsonText
{
    /// <summary>A text in quotes, anything else as it stands there.</summary>
    public static string Show(JsonElement json) =>
        json.ValueKind == JsonValueKind.String
            ? Printable.Quote(json.GetString()!)
            : Printable.Escape(json.GetRawText());
}
