using System.Runtime.CompilerServices;
using Larder.Content;

namespace Larder.Graphs.Keys;

/// <summary>The keys of configurations that cannot change, found by the object itself and the models given with it.</summary>
internal sealed class RememberedKeys
{
    // A power of two: of one configuration, with how many sets of models the keys are kept.
    private const int MaxSets = 4;

    private readonly ConditionalWeakTable<object, Sets> _sets = [];

    /// <summary>The key; null when it has to be made.</summary>
    public EntryKey? Find(object configuration, ReadOnlySpan<GraphModel> models)
    {
        if (!_sets.TryGetValue(configuration, out var sets))
            return null;

        foreach (var remembered in sets.Latest)
        {
            if (remembered is not null && models.SequenceEqual(remembered.Models))
                return remembered.Key;
        }

        return null;
    }

    public void Add(object configuration, ReadOnlySpan<GraphModel> models, EntryKey key)
    {
        var sets = _sets.GetValue(configuration, static _ => new Sets());
        var place = (Interlocked.Increment(ref sets.Added) - 1) & (MaxSets - 1);
        Volatile.Write(ref sets.Latest[place], new Remembered(models.ToArray(), key));
    }

    private sealed class Sets
    {
        public readonly Remembered?[] Latest = new Remembered?[MaxSets];
        public int Added;
    }

    private sealed record Remembered(GraphModel[] Models, EntryKey Key);
}
