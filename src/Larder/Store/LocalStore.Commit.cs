using Larder.Content;
using Larder.Store.Scrub;

namespace Larder.Store;

internal sealed partial class LocalStore
{
    /// <summary>Puts a blob that is there into the staging area, where nobody can take it away; false when it is not there.</summary>
    public bool TryStage(StagingArea staging, Digest digest, long sizeBytes, out string path)
    {
        path = staging.NewPath();
        if (!HasBlob(digest, sizeBytes))
            return false;
        try
        {
            if (!Posix.TryLink(_layout.Blob(digest), path))
                return false;
            BlockChecksumFile.TryLink(_layout.Blob(digest), path, sizeBytes);
            return true;
        }
        catch (IOException failure) when (failure.HResult is Posix.ENOENT or Posix.EMLINK)
        {
            // Removed since the look, or without a link left to give: it is fetched like any other.
            return false;
        }
    }

    /// <summary>Makes staged and verified files an entry, in an order that leaves nothing half-visible after a crash.</summary>
    /// <param name="key">What the entry answers.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="manifest">The manifest of the entry.</param>
    /// <param name="staging">Where the staged files lie.</param>
    /// <param name="staged">For each digest of the manifest a sealed file with these bytes.</param>
    /// <param name="cancellationToken">Stops the wait for a removal that is under way; the steps themselves are not cancelled.</param>
    public async Task CommitAsync(
        EntryKey key,
        StoreEntry entry,
        Manifest manifest,
        StagingArea staging,
        IReadOnlyDictionary<Digest, string> staged,
        CancellationToken cancellationToken
    )
    {
        using var commitLock = await LockToLinkAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            LinkBlobs(manifest, staged);
            StepReached(CommitStep.BlobsLinked);
            LinkManifest(staging, manifest);
            StepReached(CommitStep.ManifestLinked);
            PlaceSnapshot(staging, _layout.Snapshot(manifest.Digest), manifest);
            StepReached(CommitStep.SnapshotPlaced);
            PlaceEntry(staging, key, entry);
            StepReached(CommitStep.EntryPlaced);
        }
        catch
        {
            commitLock.Dispose();
            RemoveLeftOfFailure(staging);
            throw;
        }
    }

    /// <summary>Replaces an entry's document by a newer one, if the entry still names the same manifest.</summary>
    public async Task UpdateEntryAsync(EntryKey key, StoreEntry entry, CancellationToken cancellationToken)
    {
        using var staging = NewStagingArea();
        using var commitLock = await LockToLinkAsync(cancellationToken).ConfigureAwait(false);
        // What was removed since it was read stays removed: a name must not outlive what it reaches.
        if (TryReadEntry(key)?.Manifest == entry.Manifest)
            PlaceEntry(staging, key, entry);
    }

    /// <summary>Gives a staged and verified file the name of its blob, and waits until it has it on the device.</summary>
    public async Task LinkBlobAsync(string staged, ManifestFile file, CancellationToken cancellationToken)
    {
        using var commitLock = await LockToLinkAsync(cancellationToken).ConfigureAwait(false);
        var path = _layout.Blob(file.Digest);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Link(staged, path, file.SizeBytes);
        BlockChecksumFile.TryLink(staged, path, file.SizeBytes);
        Durability.SyncUpwards(Path.GetDirectoryName(path)!, Root);
    }

    /// <summary>While this is held nobody removes what nothing reaches yet.</summary>
    private Task<LockFile> LockToLinkAsync(CancellationToken cancellationToken) =>
        LockFile.AcquireAsync(_layout.CommitLock, exclusive: false, _timeProvider, cancellationToken);

    private void LinkBlobs(Manifest manifest, IReadOnlyDictionary<Digest, string> staged)
    {
        var directories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in manifest.Files)
        {
            var path = _layout.Blob(file.Digest);
            var directory = Path.GetDirectoryName(path)!;
            if (directories.Add(directory))
                Directory.CreateDirectory(directory);
            Link(staged[file.Digest], path, file.SizeBytes);
            BlockChecksumFile.TryLink(staged[file.Digest], path, file.SizeBytes);
        }
        foreach (var directory in directories)
            Posix.SyncDirectory(directory);
        Durability.SyncUpwards(_layout.Blobs, Root);
    }

    private void Link(string staged, string path, long sizeBytes)
    {
        while (!Posix.TryLink(staged, path))
        {
            if (IsUntouched(path, sizeBytes))
                return;
            MoveToQuarantine(path);
        }
    }

    private void LinkManifest(StagingArea staging, Manifest manifest)
    {
        var path = _layout.Manifest(manifest.Digest);
        var staged = staging.NewPath();
        Durability.WriteFile(staged, manifest.Bytes.Span);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (!Posix.TryLink(staged, path))
        {
            if (TryReadManifest(manifest.Digest) is not null)
                return;
            MoveToQuarantine(path);
        }
        Durability.SyncUpwards(Path.GetDirectoryName(path)!, Root);
    }

    private void PlaceSnapshot(StagingArea staging, string path, Manifest manifest)
    {
        if (IsWhole(path, manifest))
            return;

        var built = staging.NewPath();
        Directory.CreateDirectory(built);
        foreach (var file in manifest.Files)
        {
            var target = Path.Join(built, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            _materializer.Materialize(_layout.Blob(file.Digest), target);
        }

        // Whoever was quicker has built the same; only a damaged one must go, in one step where the file system can, so
        // that those who hold it by path never see it missing. What was swapped out goes with the staging area.
        while (!Posix.TryRenameDirectory(built, path))
        {
            if (IsWhole(path, manifest) || Posix.TryExchange(built, path))
                return;
            TryMove(path, staging.NewPath());
        }
    }

    private void PlaceEntry(StagingArea staging, EntryKey key, StoreEntry entry)
    {
        var path = _layout.Entry(key);
        var staged = staging.NewPath();
        Durability.WriteFile(staged, EntryDocument.Write(entry));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Posix.Rename(staged, path);
        Durability.SyncUpwards(Path.GetDirectoryName(path)!, Root);
    }

    private void MoveToQuarantine(string path)
    {
        var target = Path.Combine(_layout.Quarantine, $"{Guid.NewGuid():n}-{Path.GetFileName(path)}");
        try
        {
            Posix.Rename(path, target);
            BlockChecksumFile.TryMove(path, target);
            _logger.Quarantined(path, target);
        }
        catch (IOException failure) when (failure.HResult == Posix.ENOENT)
        {
            // Somebody else moved it.
        }
    }
}
