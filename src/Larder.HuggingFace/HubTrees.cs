using System.Diagnostics.CodeAnalysis;

namespace Larder.HuggingFace;

/// <summary>The files of commits that were listed before: a commit never has others.</summary>
/// <remarks>Bounded by the number of files; the commit that was asked for longest ago goes first. Safe for concurrent use.</remarks>
internal sealed class HubTrees
{
    private const int MostFiles = 200_000;

    private readonly Lock _lock = new();

    /// <summary>Those asked for last at the end.</summary>
    private readonly List<(string Key, IReadOnlyList<HubFile> Files)> _trees = [];

    public bool TryGet(string key, [NotNullWhen(true)] out IReadOnlyList<HubFile>? files)
    {
        lock (_lock)
        {
            var index = _trees.FindIndex(tree => tree.Key == key);
            files = index < 0 ? null : _trees[index].Files;
            if (index >= 0)
            {
                var tree = _trees[index];
                _trees.RemoveAt(index);
                _trees.Add(tree);
            }
            return files is not null;
        }
    }

    public void Add(string key, IReadOnlyList<HubFile> files)
    {
        lock (_lock)
        {
            _trees.RemoveAll(tree => tree.Key == key);
            _trees.Add((key, files));
            while (_trees.Count > 1 && _trees.Sum(tree => tree.Files.Count + 1) > MostFiles)
                _trees.RemoveAt(0);
        }
    }
}
