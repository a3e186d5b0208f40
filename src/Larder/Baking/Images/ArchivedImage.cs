using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Baking.Images;

/// <summary>An image in an archive.</summary>
/// <param name="Digest">The digest of its manifest, or of its configuration where it has no manifest (Docker's older archives).</param>
/// <param name="Config">Its configuration.</param>
/// <param name="Layers">Its layers, the lowest first.</param>
internal sealed record ArchivedImage(Digest Digest, JsonObject Config, IReadOnlyList<ArchivedLayer> Layers)
{
    /// <summary>What it runs on; null where it does not say.</summary>
    public Platform? Platform => Platform.Of(Config);

    /// <summary>Whether its history tells of each of its layers.</summary>
    public bool HasWholeHistory =>
        (Config["history"] as JsonArray ?? []).Count(step => step?["empty_layer"]?.GetValue<bool>() != true)
        == Layers.Count;
}
