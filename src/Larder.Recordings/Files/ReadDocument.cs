using System.Text.Json;
using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>What a whole document of a recording says.</summary>
/// <param name="Key">The key that it names.</param>
/// <param name="Request">The request that it holds, in whatever form.</param>
/// <param name="Outcome">What came of the call.</param>
internal sealed record ReadDocument(Digest Key, JsonElement Request, RecordedOutcome Outcome)
{
    /// <summary>A text of the request; empty where it has none of that name.</summary>
    public string TextOf(string name) =>
        Request.ValueKind == JsonValueKind.Object
        && Request.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
