namespace Larder.Baking.Images;

/// <summary>What the documents and layers of images are called: by the OCI image specification, and by Docker before it.</summary>
internal static class MediaTypes
{
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    private const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
    private const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    private const string Layer = "application/vnd.oci.image.layer.v1.tar";
    private const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";

    public static bool IsIndex(string mediaType) => mediaType is Index or DockerIndex;

    public static bool IsManifest(string mediaType) => mediaType is Manifest or DockerManifest;

    /// <summary>How a layer of that type is packed; null for a type that is no layer, or one whose bytes may not be handed on.</summary>
    public static LayerPacking? PackingOf(string mediaType) =>
        mediaType switch
        {
            Layer or DockerLayer => LayerPacking.Plain,
            $"{Layer}+gzip" or $"{DockerLayer}.gzip" => LayerPacking.Gzip,
            $"{Layer}+zstd" or $"{DockerLayer}.zstd" => LayerPacking.Zstandard,
            _ => null,
        };
}
