using System.Text.Json;
using Larder.Content;

namespace Larder.Graphs;

/// <summary>Keys in messages: with the name of the graph, where the request of the key has one.</summary>
internal static class KeyText
{
    public static string Of(EntryKey key)
    {
        using var request = JsonDocument.Parse(key.Request);
        return request.RootElement.TryGetProperty("graph", out var name) && name.ValueKind is JsonValueKind.String
            ? $"'{name.GetString()}' ({key})"
            : key.ToString();
    }
}
