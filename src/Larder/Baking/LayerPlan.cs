namespace Larder.Baking;

/// <summary>A layer that is to be written.</summary>
internal sealed class LayerPlan
{
    private readonly SortedDictionary<string, LayerItem> _items = new(StringComparer.Ordinal);
    private readonly string _root;
    private readonly bool _hasParents;

    /// <summary>Plans an empty layer.</summary>
    /// <param name="content">What will be in it, for people.</param>
    /// <param name="root">The directory below which everything lies that will be added.</param>
    /// <param name="hasParents">
    /// Whether the directories above the root are in the layer as well. Over a base they are not: an entry for a directory of the
    /// base would give it another mode, and take the place of a link of that name.
    /// </param>
    public LayerPlan(string content, string root, bool hasParents)
    {
        Content = content;
        _root = root;
        _hasParents = hasParents;
    }

    public string Content { get; }

    /// <summary>Everything in it, directories before what is in them.</summary>
    public IEnumerable<LayerItem> Items => _items.Values;

    /// <summary>How long it will be.</summary>
    public long SizeBytes => _items.Values.Sum(item => item.Entry.TotalBytes) + TarEntry.End.Length;

    /// <summary>Adds something, and the directories that it lies in; false when something of that path is there.</summary>
    public bool TryAdd(LayerItem item)
    {
        if (!_items.TryAdd(item.Entry.Path, item))
            return false;
        for (var path = ImagePath.DirectoryOf(item.Entry.Path); IsWanted(path); path = ImagePath.DirectoryOf(path))
        {
            if (!_items.TryAdd(path, LayerItem.OfDirectory(path)))
                break;
        }
        return true;
    }

    private bool IsWanted(string directory) =>
        directory.Length > 0 && (_hasParents || directory.Length >= _root.Length);
}
