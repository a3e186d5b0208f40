using System.Collections.Concurrent;
using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Store;

/// <summary>A store that is written to, and perhaps one under it that is only read: a baked image, a shared mount.</summary>
/// <remarks>
/// What the upper one has hides what the lower one has of the same key. Nothing is ever written to the lower one: that its
/// version is still the origin's is remembered for as long as this process lives, and a new version goes into the upper one,
/// with those files copied that the lower one has already.
/// </remarks>
internal sealed class StoreLayers(LocalStore upper, LocalStore? lower, ILogger logger) : IDisposable
{
    private readonly ConcurrentDictionary<Digest, (Digest Manifest, DateTimeOffset Time)> _confirmed = new();

    /// <summary>The store under the other; null when there is none.</summary>
    public LocalStore? Lower => lower;

    /// <summary>The entry of a key; null when neither store has one.</summary>
    public FoundEntry? Find(EntryKey key)
    {
        if (upper.TryReadEntry(key) is { } entry)
            return new FoundEntry(entry, IsLower: false);
        if (lower?.TryReadEntry(key) is not { } low)
            return null;
        return _confirmed.TryGetValue(key.Digest, out var confirmed) && confirmed.Manifest == low.Manifest
            ? new FoundEntry(low with { Checked = confirmed.Time }, IsLower: true)
            : new FoundEntry(low, IsLower: true);
    }

    /// <summary>Remembers that the origin still has the version that an entry of the lower store names.</summary>
    public void Confirm(EntryKey key, Digest manifest, DateTimeOffset time) =>
        _confirmed[key.Digest] = (manifest, time);

    /// <summary>The manifest of that digest; null when neither store has a sound one.</summary>
    public Manifest? TryReadManifest(Digest digest) => upper.TryReadManifest(digest) ?? lower?.TryReadManifest(digest);

    /// <summary>Leases a snapshot that is whole, at once; null when neither store has one.</summary>
    public StoredSnapshot? TryOpenWholeSnapshot(Digest digest) =>
        upper.TryOpenWholeSnapshot(digest) ?? lower?.TryOpenWholeSnapshot(digest);

    /// <summary>Leases a snapshot, building it where the upper store has its blobs; null when neither store has one.</summary>
    public async Task<StoredSnapshot?> TryOpenSnapshotAsync(Digest digest, CancellationToken cancellationToken) =>
        await upper.TryOpenSnapshotAsync(digest, cancellationToken).ConfigureAwait(false)
        ?? lower?.TryOpenWholeSnapshot(digest);

    /// <summary>A file with the bytes of one of a snapshot: the blob where it is there, else the snapshot's own file.</summary>
    public string PathOf(string snapshot, ManifestFile file) =>
        upper.HasBlob(file.Digest, file.SizeBytes) ? upper.Layout.Blob(file.Digest)
        : lower?.HasBlob(file.Digest, file.SizeBytes) == true ? lower.Layout.Blob(file.Digest)
        : Path.Join(snapshot, file.Path);

    /// <summary>Copies a blob that the lower store has, and compares it with its digest; false when it is to be fetched.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">A free name in a staging area with room for it.</param>
    public bool TryCopyFromLower(ManifestFile file, string path)
    {
        if (lower?.TryFindBlob(file.Digest, file.SizeBytes) is not { } blob)
            return false;
        try
        {
            Materializer.Copy(blob, path, file.Digest);
            return true;
        }
        catch (Exception failure) when (StoreFailure.Covers(failure) || failure is StoreException)
        {
            logger.NotCopied(blob, failure.Message);
            Posix.Unlink(path);
            return false;
        }
    }

    /// <summary>Closes the lower store; the upper one is its owner's to close.</summary>
    public void Dispose() => lower?.Dispose();
}
