using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Pull.Archives;
using Larder.Store;

namespace Larder.Pull;

/// <summary>A version of a model, by something that cannot come to mean another.</summary>
/// <param name="Request">
/// What stands for the version in keys: <c>{"manifest": digest}</c> where its digest can be told without its bytes on any machine;
/// <c>{"archive": {"format", "sha256"}, "exclude": […], "include": […]}</c> where that can be told of the archive that it is in;
/// else <c>{"model": the request of the pull, "versions": {path: the origin's mark of its version}}</c>. The same on every
/// machine, whatever its store has.
/// </param>
/// <param name="Manifest">The digest of its manifest; null while nobody here has seen its bytes.</param>
public sealed record ModelIdentity(JsonObject Request, Digest? Manifest)
{
    /// <summary>The identity of a version whose manifest is known to everybody who asks.</summary>
    internal static ModelIdentity OfManifest(Digest manifest) =>
        new(new JsonObject { ["manifest"] = manifest.ToString() }, manifest);

    /// <summary>The identity of what an archive holds, of which the digest is known to everybody who asks.</summary>
    internal static ModelIdentity OfArchive(
        ArchiveFormat format,
        Digest archive,
        PullOptions options,
        Digest? manifest
    ) =>
        new(
            new JsonObject
            {
                ["archive"] = new JsonObject
                {
                    ["format"] = format.ToString().ToLowerInvariant(),
                    ["sha256"] = archive.ToString(),
                },
                ["exclude"] = PatternsOf(options.Exclude),
                ["include"] = PatternsOf(options.Include),
            },
            manifest
        );

    /// <summary>The identity of files that are known by their origin's marks alone.</summary>
    internal static ModelIdentity OfVersions(
        EntryKey key,
        IEnumerable<KeyValuePair<string, string>> versions,
        Digest? manifest
    ) =>
        new(
            new JsonObject
            {
                ["model"] = JsonNode.Parse(key.Request.Span),
                ["versions"] = new JsonObject(
                    versions
                        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                        .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))
                ),
            },
            manifest
        );

    /// <summary>The identity of the version that an entry names, as a listing of the same version would tell it.</summary>
    internal static ModelIdentity Of(PullJob job, StoreEntry entry)
    {
        var source = entry.Source;
        var isTold = source.Trust == EntrySource.TrustOrigin || (source.HasOnlySizeAndTime && job.Reference.IsLocal);
        // Nobody knows which version of the origin's it is: then it is these bytes, which is right and helps this machine alone.
        if (source.IsUnproven)
            return OfManifest(entry.Manifest);
        if (!isTold)
            return OfVersions(job.Key, source.Versions, entry.Manifest);
        return source.Archive is { } archive && ArchiveNames.FormatOf(job.Reference.Text) is { } format
            ? OfArchive(format, archive.Digest, job.Options, entry.Manifest)
            : OfManifest(entry.Manifest);
    }

    private static JsonArray PatternsOf(IReadOnlyList<string> patterns) =>
        new([.. FileSelection.Canonical(patterns).Select(pattern => (JsonNode?)pattern)]);
}
