using System.Globalization;
using System.Text;
using Larder.Content;
using Larder.Pull;

namespace Larder.Baking;

/// <summary>Decides what lies in which layer.</summary>
/// <remarks>
/// A file of 8 MiB or more has a layer of its own, which depends on nothing but its path and its bytes: registries, engines and
/// nodes that have it need not get it again with the next version. What is smaller lies in one layer together, the last.
/// </remarks>
internal sealed class LayerPlanner(
    string root,
    bool isOverBase,
    int mostLayers,
    Func<Snapshot, ManifestFile, string> findFile
)
{
    /// <summary>Files of so many bytes have a layer of their own.</summary>
    public const long LargeFileBytes = 8 << 20;

    private const int MostGroups = 64;

    private readonly SortedDictionary<string, (string Content, LayerItem Item)> _large = new(StringComparer.Ordinal);
    private readonly LayerPlan _small = new("small files and what names them", root, !isOverBase);

    /// <summary>The layers of a store with some models in it, the lowest first.</summary>
    public IReadOnlyList<LayerPlan> PlanStore(IEnumerable<BakeModel> models)
    {
        var store = new BakedStore(root);
        foreach (var model in models)
            store.Add(model.Snapshot);
        foreach (var version in store.Versions)
        {
            foreach (var file in version.Snapshot.Manifest.Files)
                Add(version.Snapshot, file, store.FilePath(version, file));
        }
        store.Describe(_small);
        if (!isOverBase)
            return [.. Large(mostLayers - 1), _small];
        // A store of the base's at the same place would go on naming files that this one replaces.
        var opaque = new LayerPlan($"nothing else in /{root}", root, hasParents: false);
        opaque.TryAdd(LayerItem.OfBytes(ImagePath.Join(root, ImagePath.Opaque), ReadOnlyMemory<byte>.Empty));
        return [opaque, .. Large(mostLayers - 2), _small];
    }

    /// <summary>The layers of some models as plain files, the lowest first.</summary>
    public IReadOnlyList<LayerPlan> PlanFiles(IEnumerable<BakeModel> models)
    {
        foreach (var model in models)
        {
            foreach (var file in model.Snapshot.Manifest.Files)
                Add(model.Snapshot, file, ImagePath.Join(ImagePath.Join(root, model.Name), file.Path));
        }
        var large = Large(mostLayers - 1);
        return _small.Items.Any() ? [.. large, _small] : large;
    }

    private void Add(Snapshot snapshot, ManifestFile file, string path)
    {
        if (ImagePath.FaultIn(file.Path) is { } fault)
            throw new ImageException(
                file.Path,
                $"{Printable.Quote(file.Path)} of '{snapshot.Reference}' {fault}. Leave it out with --exclude."
            );
        var item = LayerItem.OfFile(path, findFile(snapshot, file), file);
        if (file.SizeBytes < LargeFileBytes)
            _small.TryAdd(item);
        else
            _large.TryAdd(path, ($"{snapshot.Reference} {file.Path}", item));
    }

    private IReadOnlyList<LayerPlan> Large(int most)
    {
        if (_large.Count <= most)
            return [.. _large.Values.Select(file => Layer(file.Content, [file.Item]))];
        // Engines stack so many layers and no more. The group of a file depends on its path alone, so that a file more or less
        // changes one of them.
        var groups = MostGroups;
        while (groups > most)
            groups /= 2;
        return
        [
            .. _large
                .Values.GroupBy(file => GroupOf(file.Item.Entry.Path, groups))
                .OrderBy(group => group.Key)
                .Select(group =>
                    Layer(
                        string.Create(CultureInfo.InvariantCulture, $"large files, group {group.Key + 1} of {groups}"),
                        group.Select(file => file.Item)
                    )
                ),
        ];
    }

    private static int GroupOf(string path, int groups)
    {
        Span<byte> digest = stackalloc byte[Digest.SizeBytes];
        Digest.Of(Encoding.UTF8.GetBytes(path)).CopyTo(digest);
        return digest[0] % groups;
    }

    private LayerPlan Layer(string content, IEnumerable<LayerItem> items)
    {
        var layer = new LayerPlan(content, root, !isOverBase);
        foreach (var item in items)
            layer.TryAdd(item);
        return layer;
    }
}
