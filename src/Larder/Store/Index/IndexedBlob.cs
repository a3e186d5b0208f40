using Larder.Content;

namespace Larder.Store.Index;

/// <summary>What the index remembers of a blob: how many versions have it.</summary>
internal sealed class IndexedBlob(Digest digest, long sizeBytes) : IDigestNamed
{
    // The numbers of all its users, combined by exclusive or. When one is left that is its number: no list is needed, which for
    // a file that all models share would be as long as the store.
    private int _users;

    public Digest Digest { get; } = digest;

    Digest IDigestNamed.Name => Digest;

    public long SizeBytes { get; } = sizeBytes;

    /// <summary>How many versions have it.</summary>
    public int Users { get; private set; }

    /// <summary>The number of the only version that has it; null when there are more, or none.</summary>
    public int? OnlyUser => Users == 1 ? _users : null;

    public void AddUser(int version)
    {
        _users ^= version;
        Users++;
    }

    public void RemoveUser(int version)
    {
        _users ^= version;
        Users--;
    }
}
