using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Baking.Images;

/// <summary>Finds the image of a platform in an archive, by whichever documents the archive has.</summary>
internal sealed class ImageFinder(ImageArchive archive)
{
    private const int MaxDepth = 4;
    private const int MaxImages = 1000;
    private const string DockerDocument = "manifest.json";
    private const string OciDocument = "index.json";
    private const string Sha256 = "sha256:";

    public ArchivedImage Find(Platform? platform)
    {
        if (archive.Has(OciDocument))
            return FindOci(platform);
        if (archive.Has(DockerDocument))
            return FindDocker(platform);
        throw archive.Fault(
            $"holds no image: it has neither {OciDocument}, as an OCI archive, nor {DockerDocument}, as what docker save writes; or it is {archive.NotWhole}"
        );
    }

    private ArchivedImage FindOci(Platform? wanted)
    {
        var images = new List<Candidate>();
        var others = new SortedSet<string>(StringComparer.Ordinal);
        Collect(Object(archive.Read(OciDocument), OciDocument), images, others, MaxDepth);
        if (images.Count == 0)
            throw archive.Fault(
                others.Count == 0
                    ? "holds no image: its index is empty"
                    : $"holds no image but {string.Join(", ", others)}, which Larder does not know"
            );
        return ReadManifest(Choose(images, wanted).Digest);
    }

    private Candidate Choose(List<Candidate> images, Platform? wanted)
    {
        var distinct = images.DistinctBy(image => image.Digest).ToList();
        if (wanted is null && distinct is [var only])
            return only;
        var platform = wanted ?? Platform.Default;
        return distinct.Where(image => image.Platform is { } its && platform.Accepts(its)).ToList() switch
        {
            [var one] => one,
            [] => throw archive.Fault(
                $"holds no image for {platform}. There is: {string.Join(", ", distinct.Select(image => image.ToString()).Order(StringComparer.Ordinal))}. Name one with --platform"
            ),
            var several => throw archive.Fault(
                $"holds several images for {platform}: {string.Join(", ", several.Select(image => image.ToString()).Order(StringComparer.Ordinal))}. Copy the one that you mean into an archive of its own, with skopeo copy for instance"
            ),
        };
    }

    private void Collect(JsonObject index, List<Candidate> images, SortedSet<string> others, int depth)
    {
        if (depth == 0)
            throw archive.Fault("has an index in an index in an index, and so on; Larder looks no deeper");
        foreach (var descriptor in index["manifests"]?.AsArray() ?? [])
        {
            var mediaType = descriptor?["mediaType"]?.GetValue<string>() ?? "";
            if (images.Count >= MaxImages)
                throw archive.Fault("holds more images than any archive should");
            if (MediaTypes.IsIndex(mediaType))
                Collect(Object(archive.Read(DigestOf(descriptor)), "index"), images, others, depth - 1);
            else if (!MediaTypes.IsManifest(mediaType))
                others.Add(mediaType.Length == 0 ? "something without a media type" : Printable.Quote(mediaType));
            // Beside its images BuildKit puts statements about them, for the platform unknown/unknown.
            else if (descriptor!["platform"]?["os"]?.GetValue<string>() != "unknown")
                images.Add(CandidateOf(descriptor));
        }
    }

    private Candidate CandidateOf(JsonNode descriptor)
    {
        var digest = DigestOf(descriptor);
        var name = descriptor["annotations"]?["org.opencontainers.image.ref.name"]?.GetValue<string>();
        return new Candidate(digest, Platform.Of(descriptor["platform"]) ?? ReadManifest(digest).Platform, name);
    }

    private ArchivedImage ReadManifest(Digest digest)
    {
        var manifest = Object(archive.Read(digest), "manifest");
        var config = Object(archive.Read(DigestOf(manifest["config"])), "configuration");
        var descriptors = manifest["layers"]?.AsArray() ?? [];
        var differences = DifferencesOf(config, descriptors.Count);
        return new ArchivedImage(
            digest,
            config,
            [.. descriptors.Select((descriptor, index) => LayerOf(descriptor, differences[index]))]
        );
    }

    private ArchivedLayer LayerOf(JsonNode? descriptor, Digest difference)
    {
        var mediaType = descriptor?["mediaType"]?.GetValue<string>() ?? "";
        var digest = DigestOf(descriptor);
        if (MediaTypes.PackingOf(mediaType) is not { } packing)
            throw archive.Fault(
                $"has a layer sha256:{digest} of the type {Printable.Quote(mediaType)}, which Larder does not read: plain, gzip and zstd tars are known, and layers that may not be handed on are none of them"
            );
        var (offset, sizeBytes) = archive.FindBlob(digest);
        var announced = descriptor?["size"]?.GetValue<long>();
        if (announced != sizeBytes)
            throw archive.Fault(
                $"is damaged: the layer sha256:{digest} has {sizeBytes} bytes, and {announced} are announced"
            );
        return new ArchivedLayer($"the layer sha256:{digest}", offset, sizeBytes, packing, digest, difference);
    }

    private ArchivedImage FindDocker(Platform? wanted)
    {
        var images = JsonNode.Parse(archive.Read(DockerDocument))?.AsArray() ?? [];
        if (images.Count != 1)
            throw archive.Fault(
                images.Count == 0
                    ? "holds no image: its list is empty"
                    : $"holds several images: {string.Join(", ", images.Select(NameOf))}. Save the one that you mean by itself"
            );
        var image = images[0]!.AsObject();
        var bytes = archive.Read(image["Config"]?.GetValue<string>() ?? "");
        var config = Object(bytes, "configuration");
        if (wanted is not null && Platform.Of(config) is { } its && !wanted.Accepts(its))
            throw archive.Fault($"holds no image for {wanted}. There is: {its}. Name one with --platform");
        var names = image["Layers"]?.AsArray() ?? [];
        var differences = DifferencesOf(config, names.Count);
        return new ArchivedImage(
            Digest.Of(bytes),
            config,
            [.. names.Select((name, index) => DockerLayer(name?.GetValue<string>() ?? "", differences[index]))]
        );
    }

    private static string NameOf(JsonNode? image) =>
        (image?["RepoTags"] as JsonArray)?.FirstOrDefault()?.GetValue<string>()
        ?? image?["Config"]?.GetValue<string>()
        ?? "one without a name";

    private ArchivedLayer DockerLayer(string name, Digest difference)
    {
        if (!archive.TryFind(name, out var place))
            throw archive.Fault($"lacks the layer {Printable.Quote(name)}, which it names: it is {archive.NotWhole}");
        Span<byte> magic = stackalloc byte[4];
        var read = RandomAccess.Read(archive.File, magic, place.Offset);
        // No media type says it there.
        var packing = magic[..read] switch
        {
            [0x1f, 0x8b, ..] => LayerPacking.Gzip,
            [0x28, 0xb5, 0x2f, 0xfd] => LayerPacking.Zstandard,
            _ => LayerPacking.Plain,
        };
        return new ArchivedLayer($"the layer {name}", place.Offset, place.SizeBytes, packing, Digest: null, difference);
    }

    private Digest[] DifferencesOf(JsonObject config, int layers)
    {
        var differences = config["rootfs"]?["diff_ids"]?.AsArray() ?? [];
        if (differences.Count != layers)
            throw archive.Fault(
                $"is damaged: its manifest names {layers} layers, and its configuration {differences.Count}"
            );
        return [.. differences.Select(id => Parse(id?.GetValue<string>()))];
    }

    private JsonObject Object(byte[] bytes, string what) =>
        JsonNode.Parse(bytes) as JsonObject ?? throw archive.Fault($"has something else in place of its {what}");

    private Digest DigestOf(JsonNode? descriptor) => Parse(descriptor?["digest"]?.GetValue<string>());

    private Digest Parse(string? text) =>
        text?.StartsWith(Sha256, StringComparison.Ordinal) == true
        && Digest.TryParse(text.AsSpan(Sha256.Length), out var digest)
            ? digest
            : throw archive.Fault(
                $"names something by {Printable.Quote(text ?? "nothing")}; Larder reads digests of the kind sha256:<64 digits> alone"
            );

    private sealed record Candidate(Digest Digest, Platform? Platform, string? Name)
    {
        public override string ToString() =>
            (Platform?.ToString() ?? "an unknown platform") + (Name is null ? "" : $" ({Name})");
    }
}
