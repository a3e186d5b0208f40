using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Sharing;

/// <summary>What a lease object has in it: who holds it, by a random name, and a number that makes each renewal another object.</summary>
internal static class LeaseDocument
{
    public const int MostBytes = 4096;

    public static byte[] Write(string owner, long beat) =>
        CanonicalJson.Serialize(new JsonObject { ["beat"] = beat, ["owner"] = owner });

    /// <summary>Who holds it; null where it does not say.</summary>
    public static string? OwnerOf(ReadOnlyMemory<byte> document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("owner", out var owner)
                && owner.ValueKind == JsonValueKind.String
                ? owner.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
