using System.Text.Json;
using Larder.Content;

namespace Larder.Server.Dashboard.Chains;

/// <summary>What the request of a pass or an evaluation says of its kind and of what it was given.</summary>
/// <param name="Name">The kind of step.</param>
/// <param name="Version">The version of that kind.</param>
/// <param name="Config">Its options, JSON.</param>
/// <param name="InputKey">The key of the pass whose result it was given; null where it was given something else.</param>
/// <param name="InputVersion">The version that it was given; null likewise.</param>
internal sealed record PassRequest(string Name, long Version, string Config, Digest? InputKey, Digest? InputVersion)
{
    /// <summary>Reads a request; null for one that says something else, perhaps to a later version.</summary>
    public static PassRequest? TryRead(CachedModel entry)
    {
        var (kind, input) = entry.Kind == PassChains.EvaluationKind ? ("evaluation", "of") : ("pass", "input");
        try
        {
            using var document = JsonDocument.Parse(entry.Request);
            var root = document.RootElement;
            var step = root.GetProperty(kind);
            return new PassRequest(
                step.GetProperty("name").GetString()!,
                step.GetProperty("version").GetInt64(),
                root.GetProperty("config").GetRawText(),
                DigestOf(root.GetProperty(input), "pass"),
                DigestOf(root.GetProperty(input), "manifest")
            );
        }
        catch (Exception other)
            when (other is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static Digest? DigestOf(JsonElement input, string name) =>
        input.TryGetProperty(name, out var digest) ? Digest.Parse(digest.GetString()!) : null;
}
