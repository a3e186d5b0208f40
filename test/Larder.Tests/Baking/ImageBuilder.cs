using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Tests.Baking;

/// <summary>Makes image archives, good and bad ones, with .NET's own tar and nothing of Larder's.</summary>
internal sealed class ImageBuilder
{
    private readonly List<(Digest Digest, Digest DiffId, byte[] Bytes, string Suffix)> _layers = [];

    /// <summary>What the archive will have, by name; filled by <see cref="AddImage"/>, to be spoilt by tests.</summary>
    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>What the index names.</summary>
    public JsonArray Manifests { get; } = [];

    /// <summary>What is in the configurations besides layers.</summary>
    public JsonObject Settings { get; } = [];

    /// <summary>Adds a layer to the next image.</summary>
    /// <param name="packing">What follows <c>tar</c> in its media type.</param>
    /// <param name="entries">Its entries.</param>
    public ImageBuilder AddLayer(string packing, params IEnumerable<TarEntry> entries) =>
        AddLayer(packing, Tar(entries));

    /// <summary>Adds a layer of these bytes.</summary>
    public ImageBuilder AddLayer(string packing, byte[] plain)
    {
        var bytes = packing == "+gzip" ? Gzip(plain) : plain;
        _layers.Add((Digest.Of(bytes), Digest.Of(plain), bytes, packing));
        return this;
    }

    public ImageBuilder AddLayer(params IEnumerable<TarEntry> entries) => AddLayer("", entries);

    /// <summary>Adds an image of the layers so far, and begins a new one.</summary>
    public ImageBuilder AddImage(string architecture = "amd64", string? name = null, bool tellsPlatform = true)
    {
        var config = Put(Config(architecture));
        var layers = new JsonArray();
        foreach (var layer in _layers)
        {
            Files[$"blobs/sha256/{layer.Digest}"] = layer.Bytes;
            layers.Add(
                (JsonNode)Descriptor(
                    "application/vnd.oci.image.layer.v1.tar" + layer.Suffix,
                    layer.Digest,
                    layer.Bytes.Length
                )
            );
        }
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", config.Digest, config.Length),
            ["layers"] = layers,
        };
        var (digest, length) = Put(manifest);
        var descriptor = Descriptor("application/vnd.oci.image.manifest.v1+json", digest, length);
        if (tellsPlatform)
            descriptor["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = architecture };
        if (name is not null)
            descriptor["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = name };
        Manifests.Add((JsonNode)descriptor);
        _layers.Clear();
        return this;
    }

    /// <summary>Puts what the index named so far into an index of its own, which it then names.</summary>
    public ImageBuilder Nest()
    {
        var (digest, length) = Put(Index());
        Manifests.Clear();
        Manifests.Add((JsonNode)Descriptor("application/vnd.oci.image.index.v1+json", digest, length));
        return this;
    }

    /// <summary>Writes the archive, in the order of names.</summary>
    public string Write(string path)
    {
        Files.TryAdd("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray());
        Files.TryAdd("index.json", Bytes(Index()));
        return WriteFiles(path);
    }

    /// <summary>Writes what docker save wrote before it knew of OCI.</summary>
    public string WriteDocker(string path, bool sharesLayersByLink = false)
    {
        Files["config.json"] = Bytes(Config("amd64"));
        var layers = new JsonArray();
        var entries = new List<TarEntry>();
        for (var i = 0; i < _layers.Count; i++)
        {
            Files[$"{i}/layer.tar"] = _layers[i].Bytes;
            layers.Add((JsonNode)JsonValue.Create(sharesLayersByLink ? $"link-{i}/layer.tar" : $"{i}/layer.tar")!);
            if (sharesLayersByLink)
                entries.Add(TarEntries.Link($"link-{i}/layer.tar", $"../{i}/layer.tar"));
        }
        Files["manifest.json"] = Bytes(
            new JsonArray(
                new JsonObject
                {
                    ["Config"] = "config.json",
                    ["RepoTags"] = new JsonArray("test:1"),
                    ["Layers"] = layers,
                }
            )
        );
        return WriteFiles(path, entries);
    }

    public string WriteFiles(string path, params IEnumerable<TarEntry> more)
    {
        File.WriteAllBytes(path, Tar([.. Files.Select(file => TarEntries.File(file.Key, file.Value)), .. more]));
        return path;
    }

    public static byte[] Tar(IEnumerable<TarEntry> entries)
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, leaveOpen: true))
        {
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        }
        return buffer.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return buffer.ToArray();
    }

    private JsonObject Config(string architecture)
    {
        var config = (JsonObject)Settings.DeepClone();
        config["architecture"] = architecture;
        config["os"] = "linux";
        config["rootfs"] = new JsonObject
        {
            ["type"] = "layers",
            ["diff_ids"] = new JsonArray([.. _layers.Select(layer => (JsonNode)$"sha256:{layer.DiffId}")]),
        };
        return config;
    }

    private JsonObject Index() => new() { ["schemaVersion"] = 2, ["manifests"] = Manifests.DeepClone() };

    private (Digest Digest, int Length) Put(JsonNode document)
    {
        var bytes = Bytes(document);
        Files[$"blobs/sha256/{Digest.Of(bytes)}"] = bytes;
        return (Digest.Of(bytes), bytes.Length);
    }

    private static byte[] Bytes(JsonNode document) => Encoding.UTF8.GetBytes(document.ToJsonString());

    private static JsonObject Descriptor(string mediaType, Digest digest, int length) =>
        new()
        {
            ["mediaType"] = mediaType,
            ["digest"] = $"sha256:{digest}",
            ["size"] = length,
        };
}
