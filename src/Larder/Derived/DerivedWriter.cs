using Larder.Content;
using Larder.Store;

namespace Larder.Derived;

/// <summary>A directory of the store's in which derived files are made before anybody sees them.</summary>
/// <remarks>
/// Disposed without a commit, or left by a process that died, it goes with all that is in it. Not safe for concurrent use.
/// </remarks>
public sealed class DerivedWriter : IDisposable
{
    private readonly DerivedEntries _entries;
    private readonly EntryKey _key;

    internal DerivedWriter(DerivedEntries entries, EntryKey key, StagingArea staging, long reservedBytes, DerivedRoom room)
    {
        _entries = entries;
        _key = key;
        Staging = staging;
        ReservedBytes = reservedBytes;
        Room = room;
        Path = System.IO.Path.Combine(staging.Path, "files");
        Directory.CreateDirectory(Path);
    }

    /// <summary>The directory, empty at first.</summary>
    public string Path { get; }

    internal StagingArea Staging { get; }

    internal long ReservedBytes { get; }

    internal DerivedRoom Room { get; }

    /// <summary>Makes all files of the directory the answer of the key, unless another has done so meanwhile.</summary>
    /// <param name="source">What they were made from.</param>
    /// <param name="cancellationToken">Stops the reading and the waits; the last steps are not stopped.</param>
    /// <returns>Whether the store has an answer now, this or another's; false when it has no room for this.</returns>
    /// <exception cref="ManifestException">There is no file, or one has a name that cannot be stored.</exception>
    /// <exception cref="NoRoomException">They do not fit, whatever may be removed for them.</exception>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task<bool> CommitAsync(DerivedSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _entries.CommitAsync(_key, this, source, cancellationToken);
    }

    /// <summary>Removes what is left of the directory.</summary>
    public void Dispose() => Staging.Dispose();
}
