using System.Globalization;
using Larder.Baking.Images;
using Larder.Content;
using Larder.Store;

namespace Larder.Baking;

/// <summary>Looks for models in the file system of an image.</summary>
internal sealed class ImageLook(ImageTree tree, string root)
{
    private readonly BakedStore _store = new(root);

    /// <summary>What a store in the image has of a model: its files, and what names them.</summary>
    public CheckedModel InStore(BakeModel model)
    {
        var (snapshot, manifest) = (model.Snapshot, model.Snapshot.Manifest);
        var findings = new List<ImageFinding>();
        if (FindFile(_store.MarkerPath) is null)
            findings.Add(Missing(_store.MarkerPath, $"is not there: there is no store in /{root}"));
        if (EntryFault(snapshot.Key, manifest.Digest) is { } fault)
            findings.Add(fault);
        var manifestPath = _store.ManifestPath(manifest.Digest);
        if (FindFile(manifestPath)?.Digest != manifest.Digest)
            findings.Add(Missing(manifestPath, "is not there: the store does not know this version"));
        var toDownload = new Dictionary<Digest, long>();
        foreach (var file in manifest.Files)
        {
            var path = $"{_store.SnapshotPath(manifest.Digest)}/{file.Path}";
            // A link in a snapshot is no file of it, wherever it leads.
            if (FaultOf(path, tree.Find(path, followsLast: false), file, isSealed: true) is not { } found)
                continue;
            findings.Add(found);
            // What the store has under its digest is copied from there.
            if (!Has(FindFile(_store.BlobPath(file.Digest)), file))
                toDownload[file.Digest] = file.SizeBytes;
        }
        return Result(model, findings, toDownload.Values.Sum());
    }

    /// <summary>What the image has of a model as plain files.</summary>
    public CheckedModel AsFiles(BakeModel model)
    {
        var findings = new List<ImageFinding>();
        long toDownload = 0;
        foreach (var file in model.Snapshot.Manifest.Files)
        {
            var path = ImagePath.Join(ImagePath.Join(root, model.Name), file.Path);
            if (FaultOf(path, FindFile(path), file, isSealed: false) is not { } found)
                continue;
            findings.Add(found);
            toDownload += file.SizeBytes;
        }
        return Result(model, findings, toDownload);
    }

    private ImageNode? FindFile(string path) => tree.Find(path, followsLast: true);

    private ImageFinding? EntryFault(EntryKey key, Digest version)
    {
        var path = _store.EntryPath(key);
        if (FindFile(path)?.Bytes is not { } bytes)
            return Missing(path, "is not there: the store has no such model");
        if (EntryReader.TryRead(bytes, key.Request) is not { } entry || !key.Answers(entry.Request.Span))
            return Different(path, "is no entry of that model");
        return entry.Manifest == version
            ? null
            : Different(path, $"names the version {entry.Manifest}, and {version} is wanted");
    }

    private ImageFinding? FaultOf(string path, ImageNode? node, ManifestFile file, bool isSealed)
    {
        if (Has(node, file))
            return isSealed && !node!.IsSealed
                ? Different(
                    path,
                    "has another time of its last change than it was baked with: a later step has touched it"
                )
                : null;
        if (tree.TryFindShadowed(path, file.Digest) is { } shadowed)
            return new ImageFinding(
                $"/{path}",
                ImageFault.Shadowed,
                Text(
                    $"is in layer {shadowed.Layer + 1}, and layer {shadowed.ByLayer + 1} {(shadowed.IsRemoved ? "removes it" : "has something else in its place")}"
                )
            );
        return node switch
        {
            null => Missing(path, Text($"is not there ({file.SizeBytes} bytes)")),
            { Kind: not ImageNodeKind.File } => Different(path, "is no file"),
            _ when node.SizeBytes != file.SizeBytes => Different(
                path,
                Text($"has {node.SizeBytes} bytes, and {file.SizeBytes} are wanted (layer {node.Layer + 1})")
            ),
            _ => Different(
                path,
                Text($"has the digest {node.Digest}, and {file.Digest} is wanted (layer {node.Layer + 1})")
            ),
        };
    }

    private static bool Has(ImageNode? node, ManifestFile file) =>
        node is { Kind: ImageNodeKind.File } && node.SizeBytes == file.SizeBytes && node.Digest == file.Digest;

    private static CheckedModel Result(BakeModel model, List<ImageFinding> findings, long toDownload) =>
        new(model.Snapshot.Reference, model.Snapshot.Digest, model.Snapshot.Manifest.Files.Count, toDownload, findings);

    private static ImageFinding Missing(string path, string explanation) =>
        new($"/{path}", ImageFault.Missing, explanation);

    private static ImageFinding Different(string path, string explanation) =>
        new($"/{path}", ImageFault.Different, explanation);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
