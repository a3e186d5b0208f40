using System.Text.Json;
using Larder.Content;
using Larder.Graphs;

namespace Larder.Server.Dashboard.Views;

/// <summary>A loaded graph and what its key tells of it.</summary>
/// <param name="Status">The graph, as it was at one moment.</param>
/// <param name="Version">The version of the files that it was loaded from; null where the key does not say.</param>
/// <param name="Name">What it is called where no model of this server is served from it.</param>
internal sealed record LoadedGraph(GraphStatus Status, Digest? Version, string Name)
{
    public static LoadedGraph Of(GraphStatus status)
    {
        using var request = JsonDocument.Parse(status.Key.Request);
        var root = request.RootElement;
        var file = TextOf(root, "graph") ?? TextOf(root, "file");
        var version = TextOf(root, "manifest") is { } text && TryParse(text, out var digest) ? digest : (Digest?)null;
        return new LoadedGraph(status, version, file is null ? status.Key.Kind : $"{status.Key.Kind} {file}");
    }

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool TryParse(string text, out Digest digest)
    {
        try
        {
            digest = Digest.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            digest = default;
            return false;
        }
    }
}
