using System.Diagnostics.CodeAnalysis;
using Larder.Content;

namespace Larder.Store.Index;

/// <summary>Things by the digest that is their name.</summary>
/// <remarks>
/// A dictionary would keep each digest a second time: with a hundred thousand models, a third of what the index takes.
/// </remarks>
internal sealed class DigestTable<T>
    where T : class, IDigestNamed
{
    private readonly HashSet<T> _items = new(new ByName());
    private readonly HashSet<T>.AlternateLookup<Digest> _byName;

    public DigestTable() => _byName = _items.GetAlternateLookup<Digest>();

    public IReadOnlyCollection<T> Items => _items;

    public T? Find(Digest name) => _byName.TryGetValue(name, out var item) ? item : null;

    public bool Contains(Digest name) => _byName.Contains(name);

    /// <summary>Adds an item, unless there is one of its name: a directory that changes while it is listed may give a name twice.</summary>
    public void Add(T item) => _items.Add(item);

    public bool Remove(Digest name) => _byName.Remove(name);

    public void EnsureCapacity(int capacity) => _items.EnsureCapacity(capacity);

    public void TrimExcess() => _items.TrimExcess();

    private sealed class ByName : IEqualityComparer<T>, IAlternateEqualityComparer<Digest, T>
    {
        public bool Equals(T? x, T? y) => x?.Name == y?.Name;

        public int GetHashCode([DisallowNull] T obj) => obj.Name.GetHashCode();

        public bool Equals(Digest alternate, T other) => alternate == other.Name;

        public int GetHashCode(Digest alternate) => alternate.GetHashCode();

        public T Create(Digest alternate) => throw new NotSupportedException("Nothing is made from a name alone.");
    }
}
