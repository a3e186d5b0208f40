using Larder.Content;

namespace Larder.Baking.Images;

/// <summary>The file system of an image: its layers one over another, with what each takes away.</summary>
internal sealed class ImageTree(Func<Digest, bool> isWanted, Func<string, ImageException> fault)
{
    // As many as the kernel follows.
    private const int MaxLinks = 40;

    // So does it know no longer paths.
    private const int MaxPathLength = 4096;

    private readonly ImageNode _root = new(ImageNodeKind.Directory) { Layer = 0 };
    private readonly Dictionary<string, ShadowedFile> _shadowed = new(StringComparer.Ordinal);

    /// <summary>A wanted file that a later layer has taken away or replaced; null when there was none of that path and digest.</summary>
    public ShadowedFile? TryFindShadowed(string path, Digest digest) =>
        _shadowed.TryGetValue(CanonicalPathOf(path), out var file) && file.Digest == digest ? file : null;

    /// <summary>What lies at a path; null for nothing.</summary>
    /// <param name="path">The path, without the slash at its beginning.</param>
    /// <param name="followsLast">Whether a link at its end is followed; those on the way are.</param>
    public ImageNode? Find(string path, bool followsLast) => Walk(path, followsLast, out _);

    /// <summary>Takes over an entry of a layer.</summary>
    /// <param name="layer">The layer's number, which never falls.</param>
    /// <param name="name">The entry's name, as it stands there.</param>
    /// <param name="node">What it is; null for a hard link.</param>
    /// <param name="linkTarget">The file that a hard link stands for.</param>
    public void Apply(int layer, string name, ImageNode? node, string linkTarget)
    {
        var path = Normalise(name);
        if (path.Length == 0)
            return;
        var last = path[(path.LastIndexOf('/') + 1)..];
        if (last.StartsWith(ImagePath.Whiteout, StringComparison.Ordinal))
        {
            Remove(ImagePath.DirectoryOf(path), last, layer);
            return;
        }
        var (parent, parentPath) = DirectoryAt(ImagePath.DirectoryOf(path), layer);
        if (parentPath.Length > MaxPathLength)
            throw TooLong(name);
        Put(parent, parentPath, last, node ?? HardLink(layer, name, linkTarget));
    }

    private void Remove(string directory, string whiteout, int layer)
    {
        if (Walk(directory, followsLast: true, out var path) is not { Kind: ImageNodeKind.Directory } parent)
            return;
        if (whiteout == ImagePath.Opaque)
            RemoveOlder(parent, path, layer);
        else
            RemoveOlder(parent, whiteout[ImagePath.Whiteout.Length..], path, layer);
    }

    private void Put(ImageNode parent, string parentPath, string name, ImageNode node)
    {
        if (parent.Children!.TryGetValue(name, out var present))
        {
            // Of a directory that is there only the mode is new.
            if (present.Kind == ImageNodeKind.Directory && node.Kind == ImageNodeKind.Directory)
            {
                present.Layer = node.Layer;
                return;
            }
            NoteShadowed(present, ImagePath.Join(parentPath, name), node.Layer, isRemoved: false);
        }
        parent.Children[name] = node;
    }

    private ImageNode HardLink(int layer, string name, string target) =>
        Walk(Normalise(target), followsLast: false, out _) is { Kind: not ImageNodeKind.Directory } file
            ? new ImageNode(file.Kind)
            {
                Layer = layer,
                LinkTarget = file.LinkTarget,
                SizeBytes = file.SizeBytes,
                Digest = file.Digest,
                Bytes = file.Bytes,
                IsSealed = file.IsSealed,
            }
            : throw fault(
                $"has {Printable.Quote(name)} as a hard link to {Printable.Quote(target)}, and there is no such file below it"
            );

    // What a removal takes away are older layers' things; what came with the same layer stays, whichever stands first.
    private void RemoveOlder(ImageNode parent, string name, string parentPath, int layer)
    {
        if (!parent.Children!.TryGetValue(name, out var node))
            return;
        var path = ImagePath.Join(parentPath, name);
        if (node.Kind == ImageNodeKind.Directory)
            RemoveOlder(node, path, layer);
        if (node.Layer >= layer || node.Children is { Count: > 0 })
            return;
        NoteShadowed(node, path, layer, isRemoved: true);
        parent.Children.Remove(name);
    }

    private void RemoveOlder(ImageNode directory, string path, int layer)
    {
        foreach (var name in directory.Children!.Keys.ToList())
            RemoveOlder(directory, name, path, layer);
    }

    private void NoteShadowed(ImageNode node, string path, int layer, bool isRemoved)
    {
        if (node.Digest is { } digest && isWanted(digest))
            _shadowed[path] = new ShadowedFile(digest, node.Layer, layer, isRemoved);
        foreach (var (name, child) in node.Children ?? [])
            NoteShadowed(child, $"{path}/{name}", layer, isRemoved);
    }

    /// <summary>The directory of a path and its own path, links followed; made where it is not there, as engines do.</summary>
    private (ImageNode Directory, string Path) DirectoryAt(string path, int layer)
    {
        if (Walk(path, followsLast: true, out var canonical) is { Kind: ImageNodeKind.Directory } known)
            return (known, canonical);
        var (parent, parentPath) = DirectoryAt(ImagePath.DirectoryOf(path), layer);
        var name = path[(path.LastIndexOf('/') + 1)..];
        var made = new ImageNode(ImageNodeKind.Directory) { Layer = layer };
        Put(parent, parentPath, name, made);
        return (made, ImagePath.Join(parentPath, name));
    }

    private string CanonicalPathOf(string path)
    {
        Walk(ImagePath.DirectoryOf(path), followsLast: true, out var directory);
        return ImagePath.Join(directory, path[(path.LastIndexOf('/') + 1)..]);
    }

    /// <summary>Goes a path; null where there is nothing.</summary>
    /// <param name="path">Where to go.</param>
    /// <param name="followsLast">Whether a link at the end is followed.</param>
    /// <param name="canonical">The path without links, as far as there is something.</param>
    private ImageNode? Walk(string path, bool followsLast, out string canonical)
    {
        var names = new List<string>();
        var left = new Stack<string>(path.Split('/').Reverse());
        var nodes = new List<ImageNode> { _root };
        var links = 0;
        while (left.TryPop(out var name))
        {
            if (name is "" or ".")
                continue;
            if (name == "..")
            {
                if (names.Count > 0)
                    (_, _) = (RemoveLast(names), RemoveLast(nodes));
                continue;
            }
            if (nodes[^1].Children?.TryGetValue(name, out var node) != true)
            {
                canonical = string.Join('/', [.. names, name, .. left]);
                return null;
            }
            if (node!.Kind == ImageNodeKind.Link && (left.Count > 0 || followsLast))
            {
                canonical = string.Join('/', [.. names, name]);
                if (++links > MaxLinks)
                    return null;
                if (node.LinkTarget.StartsWith('/'))
                {
                    names.Clear();
                    nodes.RemoveRange(1, nodes.Count - 1);
                }
                foreach (var segment in node.LinkTarget.Split('/').Reverse())
                    left.Push(segment);
                continue;
            }
            names.Add(name);
            nodes.Add(node);
        }
        canonical = string.Join('/', names);
        return nodes[^1];
    }

    private static T RemoveLast<T>(List<T> list)
    {
        var last = list[^1];
        list.RemoveAt(list.Count - 1);
        return last;
    }

    private string Normalise(string name)
    {
        if (name.Length > MaxPathLength)
            throw TooLong(name);
        var segments = name.Split('/').Where(segment => segment is not ("" or ".")).ToList();
        if (segments.Contains("..", StringComparer.Ordinal))
            throw fault($"has an entry {Printable.Quote(name)}, which leads out of it: no engine would lay it out");
        return string.Join('/', segments);
    }

    private ImageException TooLong(string name) =>
        fault($"has an entry {Printable.Quote(name)}, whose path is longer than any system takes");
}
