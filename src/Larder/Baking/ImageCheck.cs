using Larder.Baking.Images;
using Larder.Content;
using Larder.Transfer;

namespace Larder.Baking;

/// <summary>Tells whether an image archive has models, to the byte; nothing of it is unpacked, and no engine is needed.</summary>
/// <remarks>
/// Its layers are read one over another, with what each takes away, and each is held to its digests. Plain and gzip layers can be
/// read, zstd ones not.
/// </remarks>
/// <param name="Path">The archive.</param>
/// <param name="Digest">The digest of the image's manifest.</param>
/// <param name="Models">What it has of each model.</param>
public sealed record ImageCheck(string Path, Digest Digest, IReadOnlyList<CheckedModel> Models)
{
    /// <summary>Whether it has all of all models.</summary>
    public bool IsSatisfied => Models.All(model => model.Findings.Count == 0);

    /// <summary>Checks an image.</summary>
    /// <param name="path">The archive: of an OCI image layout, or what <c>docker save</c> writes.</param>
    /// <param name="models">The models that it should have.</param>
    /// <param name="options">Where to look; the defaults when null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">There is no model, or an option, or a name of a model, makes no sense.</exception>
    /// <exception cref="ImageException">The archive cannot be read, or is damaged.</exception>
    public static Task<ImageCheck> RunAsync(
        string path,
        IReadOnlyList<BakeModel> models,
        ImageCheckOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(models);
        options ??= new ImageCheckOptions();
        var root = BakedPlaces.RootOf(options.Path, options.Layout ?? BakeLayout.Files, nameof(options));
        BakedPlaces.ThrowIfWrong(models, options.Layout ?? BakeLayout.Store);
        var platform = options.Platform is { } text ? Platform.Parse(text, nameof(options)) : null;
        // Reading and unpacking is work for a processor, and there is no other way to read a gzip file.
        return Task.Run(() => Run(path, models, options, root, platform, cancellationToken), cancellationToken);
    }

    private static ImageCheck Run(
        string path,
        IReadOnlyList<BakeModel> models,
        ImageCheckOptions options,
        string root,
        Platform? platform,
        CancellationToken cancellationToken
    )
    {
        using var archive = ImageArchive.Open(path);
        var image = archive.Find(platform);
        var tree = ReadLayers(archive, image, models, options.Progress, cancellationToken);
        var layout =
            options.Layout
            ?? (
                root.Length > 0 && tree.Find(new BakedStore(root).MarkerPath, followsLast: true) is not null
                    ? BakeLayout.Store
                    : BakeLayout.Files
            );
        BakedPlaces.ThrowIfWrong(models, layout);
        var look = new ImageLook(tree, root);
        return new ImageCheck(
            archive.ArchivePath,
            image.Digest,
            [.. models.Select(model => layout == BakeLayout.Store ? look.InStore(model) : look.AsFiles(model))]
        );
    }

    private static ImageTree ReadLayers(
        ImageArchive archive,
        ArchivedImage image,
        IReadOnlyList<BakeModel> models,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var files = models.SelectMany(model => model.Snapshot.Manifest.Files).ToList();
        var digests = files.Select(file => file.Digest).ToHashSet();
        // What a store says of a model is small, and read; the manifest goes by its digest.
        var sizes = files
            .Select(file => file.SizeBytes)
            .Concat(models.Select(model => (long)model.Snapshot.Manifest.Bytes.Length))
            .ToHashSet();
        var documents = models.Select(model => $"/{model.Snapshot.Key.Digest.ToString()[2..]}.json").ToArray();
        var reader = new LayerReader(
            archive,
            sizes,
            name => Array.Exists(documents, document => name.EndsWith(document, StringComparison.Ordinal))
        );
        var tree = new ImageTree(digests.Contains, fault => archive.Fault($"is damaged: a layer {fault}"));
        using var meter = new ProgressMeter(
            image.Layers.Count,
            image.Layers.Sum(layer => layer.SizeBytes),
            progress,
            TimeProvider.System
        );
        for (var number = 0; number < image.Layers.Count; number++)
        {
            var layer = image.Layers[number];
            var file = meter.Begin(layer.Name, layer.SizeBytes);
            long told = 0;
            reader.Read(
                layer,
                number,
                tree,
                done =>
                {
                    file.Arrived(done - told);
                    told = done;
                },
                cancellationToken
            );
            meter.Done(file);
        }
        return tree;
    }
}
