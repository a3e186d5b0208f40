using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Baking.Images;
using Larder.Content;
using Larder.Store;

namespace Larder.Baking;

/// <summary>The JSON documents of an image.</summary>
internal static class ImageDocuments
{
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Says that a directory, or here a tar, is an image layout.</summary>
    public static ReadOnlyMemory<byte> Layout { get; } = """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray();

    /// <summary>The configuration: the base's where there is one, and what is new after it.</summary>
    public static ReadOnlyMemory<byte> Config(
        ArchivedImage? baseImage,
        Platform platform,
        IReadOnlyList<(Digest DiffId, string Content)> layers,
        IEnumerable<string> environment,
        IReadOnlyDictionary<string, string> labels
    )
    {
        // A constant, as the times of the files: the same models give the same image whenever it is made.
        var created = StoreLayout.BlobTime.UtcDateTime.ToString(
            "yyyy-MM-ddTHH:mm:ssZ",
            System.Globalization.CultureInfo.InvariantCulture
        );
        var config =
            (JsonObject?)baseImage?.Config.DeepClone()
            ?? new JsonObject
            {
                ["created"] = created,
                ["architecture"] = platform.Architecture,
                ["os"] = platform.System,
            };
        if (baseImage is null && platform.Variant is { } variant)
            config["variant"] = variant;
        var settings = Section(config, "config");
        settings["Env"] = Merge(settings["Env"] as JsonArray, environment);
        if (settings["Env"] is JsonArray { Count: 0 })
            settings.Remove("Env");
        var labelled = Section(settings, "Labels");
        foreach (var (name, value) in labels)
            labelled[name] = value;
        var filesystem = Section(config, "rootfs");
        filesystem["type"] ??= "layers";
        var differences = filesystem["diff_ids"] as JsonArray ?? [];
        filesystem["diff_ids"] = With(differences, layers.Select(layer => JsonValue.Create($"sha256:{layer.DiffId}")));
        // A history that is there must be of all layers, so one that is not cannot be gone on with.
        if (baseImage is null || baseImage.HasWholeHistory)
            config["history"] = With(
                config["history"] as JsonArray ?? [],
                layers.Select(layer => new JsonObject
                {
                    ["created"] = created,
                    ["created_by"] = "larder bake",
                    ["comment"] = layer.Content,
                })
            );
        return Bytes(config);
    }

    /// <summary>The manifest.</summary>
    public static ReadOnlyMemory<byte> Manifest(Digest config, long configBytes, IEnumerable<ManifestLayer> layers) =>
        Bytes(
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = MediaTypes.Manifest,
                ["config"] = Descriptor(ConfigType, config, configBytes),
                ["layers"] = With(
                    [],
                    layers.Select(layer => Descriptor(LayerType + Suffix(layer.Packing), layer.Digest, layer.SizeBytes))
                ),
            }
        );

    /// <summary>The index of an archive with one image.</summary>
    public static ReadOnlyMemory<byte> Index(Digest manifest, long manifestBytes, Platform platform, string? tag)
    {
        var descriptor = Descriptor(MediaTypes.Manifest, manifest, manifestBytes);
        var machine = new JsonObject { ["architecture"] = platform.Architecture, ["os"] = platform.System };
        if (platform.Variant is { } variant)
            machine["variant"] = variant;
        descriptor["platform"] = machine;
        if (tag is not null)
            descriptor["annotations"] = new JsonObject
            {
                // The name that containerd and Docker read, and the one that Podman and skopeo do.
                ["io.containerd.image.name"] = tag,
                ["org.opencontainers.image.ref.name"] = tag,
            };
        return Bytes(
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = MediaTypes.Index,
                ["manifests"] = With([], [descriptor]),
            }
        );
    }

    private static JsonObject Descriptor(string mediaType, Digest digest, long sizeBytes) =>
        new()
        {
            ["mediaType"] = mediaType,
            ["digest"] = $"sha256:{digest}",
            ["size"] = sizeBytes,
        };

    private static string Suffix(LayerPacking packing) =>
        packing switch
        {
            LayerPacking.Gzip => "+gzip",
            LayerPacking.Zstandard => "+zstd",
            _ => "",
        };

    private static JsonObject Section(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject section)
            return section;
        section = [];
        parent[name] = section;
        return section;
    }

    // A variable that is there is replaced where it stands.
    private static JsonArray Merge(JsonArray? present, IEnumerable<string> added)
    {
        var variables = present?.Select(node => node?.GetValue<string>() ?? "").ToList() ?? [];
        foreach (var variable in added)
        {
            var name = variable[..(variable.IndexOf('=', StringComparison.Ordinal) + 1)];
            var at = variables.FindIndex(known => known.StartsWith(name, StringComparison.Ordinal));
            if (at < 0)
                variables.Add(variable);
            else
                variables[at] = variable;
        }
        return With([], variables.Select(variable => JsonValue.Create(variable)));
    }

    private static JsonArray With(JsonArray present, IEnumerable<JsonNode?> added)
    {
        var all = new JsonArray();
        foreach (var node in present)
            all.Add(node?.DeepClone());
        foreach (var node in added)
            all.Add(node);
        return all;
    }

    private static byte[] Bytes(JsonObject document)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
            document.WriteTo(json);
        return buffer.ToArray();
    }
}
