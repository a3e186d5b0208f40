using Larder.Baking.Images;
using Larder.Content;
using Larder.Transfer;

namespace Larder.Baking;

/// <summary>Writes an image archive: the layout of the OCI image specification, in a tar.</summary>
internal sealed class ImageWriter(
    ImageArchive? baseArchive,
    ArchivedImage? baseImage,
    BakeOptions options,
    Platform platform
)
{
    // Documents, headers of blobs, and what is rounded up to blocks.
    private const long RoomForDocuments = 1 << 20;

    /// <summary>Writes it.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="layers">The layers over the base's, the lowest first.</param>
    /// <param name="labels">What the image says of itself.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Stops it; nothing is left then.</param>
    public async Task<BakeResult> WriteAsync(
        string path,
        IReadOnlyList<LayerPlan> layers,
        IReadOnlyDictionary<string, string> labels,
        TimeProvider timeProvider,
        CancellationToken cancellationToken
    )
    {
        var bytes = layers.Sum(layer => layer.SizeBytes) + (baseImage?.Layers.Sum(layer => layer.SizeBytes) ?? 0);
        var output = ImageOutput.Create(path, bytes + RoomForDocuments);
        await using var _ = output.ConfigureAwait(false);
        var count = layers.Count + (baseImage?.Layers.Count ?? 0);
        using var progress = new ProgressMeter(count, bytes, options.Progress, timeProvider);
        var blobs = new BlobWriter(output);
        await WriteMemberAsync(output, "oci-layout", ImageDocuments.Layout, cancellationToken).ConfigureAwait(false);
        var manifest = new List<ManifestLayer>();
        var written = new List<BakedLayer>();
        foreach (var layer in baseImage?.Layers ?? [])
        {
            var meter = progress.Begin(layer.Name, layer.SizeBytes);
            var digest = await blobs
                .CopyLayerAsync(baseArchive!, layer, meter, cancellationToken)
                .ConfigureAwait(false);
            progress.Done(meter);
            manifest.Add(new ManifestLayer(digest, layer.SizeBytes, layer.Packing));
            written.Add(new BakedLayer(digest, layer.SizeBytes, Content: null));
        }
        var own = new List<(Digest Digest, string Content)>();
        foreach (var layer in layers)
        {
            var meter = progress.Begin(layer.Content, layer.SizeBytes);
            var digest = await blobs.WriteLayerAsync(layer, meter, cancellationToken).ConfigureAwait(false);
            progress.Done(meter);
            manifest.Add(new ManifestLayer(digest, layer.SizeBytes, LayerPacking.Plain));
            written.Add(new BakedLayer(digest, layer.SizeBytes, layer.Content));
            own.Add((digest, layer.Content));
        }
        var config = ImageDocuments.Config(baseImage, platform, own, Environment(), labels);
        var configDigest = await blobs.WriteDocumentAsync(config, cancellationToken).ConfigureAwait(false);
        var document = ImageDocuments.Manifest(configDigest, config.Length, manifest);
        var imageDigest = await blobs.WriteDocumentAsync(document, cancellationToken).ConfigureAwait(false);
        var index = ImageDocuments.Index(imageDigest, document.Length, platform, options.Tag);
        await WriteMemberAsync(output, "index.json", index, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(TarEntry.End, cancellationToken).ConfigureAwait(false);
        var length = output.Position;
        await output.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return new BakeResult(Path.GetFullPath(path), imageDigest, length, written);
    }

    private IEnumerable<string> Environment() =>
        options.Layout == BakeLayout.Store
            ? [$"LARDER__STORE__LOWER={options.Path.TrimEnd('/')}", .. options.Environment]
            : options.Environment;

    private static async Task WriteMemberAsync(
        ImageOutput output,
        string name,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken
    )
    {
        var entry = new TarEntry(name, TarEntryKind.File, bytes.Length);
        await output.WriteAsync(entry.Header(), cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(new byte[entry.PaddingBytes], cancellationToken).ConfigureAwait(false);
    }
}
