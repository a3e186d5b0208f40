using Larder.Content;
using Larder.Store.Partial;
using Larder.Store.Room;
using Larder.Store.Scrub;
using Larder.Store.Usage;

namespace Larder.Store;

internal sealed partial class LocalStore
{
    private readonly SemaphoreSlim _preparation = new(1, 1);
    private volatile bool _isPrepared;

    /// <summary>Whether file locks tell the truth here; known once somebody has prepared to write.</summary>
    private bool LocksWork { get; set; } = true;

    /// <summary>Finds out what a writer has to know of the store, and removes what dead processes left; once.</summary>
    /// <remarks>Whoever writes does it before; a hit is no reason to look, and most processes are short and only that.</remarks>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_isPrepared)
            return;
        await _preparation.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isPrepared)
                return;
            using var staging = StagingArea.Create(_layout);
            LocksWork = staging.IsLocked();
            _materializer.Probe(staging.Path);
            if (LocksWork)
                await SweepAsync(staging, cancellationToken).ConfigureAwait(false);
            else
                _logger.LocksLie(Root);
            _isPrepared = true;
        }
        finally
        {
            _preparation.Release();
        }
    }

    /// <summary>Removes what processes that died since had left.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (!_isPrepared)
        {
            await PrepareAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        if (!LocksWork)
            return;
        using var staging = StagingArea.Create(_layout);
        await SweepAsync(staging, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts the store while others use it, and corrects what it says of itself.</summary>
    /// <returns>False when others changed it meanwhile: it may be tried again.</returns>
    public Task<bool> TryReconcileAsync(CancellationToken cancellationToken) =>
        Room.TryReconcileAsync(cancellationToken);

    /// <summary>An area for somebody who has prepared, or does without: what he finds does not depend on it.</summary>
    public StagingArea CreateStagingArea() => StagingArea.Create(_layout);

    /// <summary>A directory of the caller's own to write in.</summary>
    public async Task<StagingArea> NewStagingAreaAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        return StagingArea.Create(_layout);
    }

    /// <summary>The same for a transfer, which goes on with what an earlier one of its owner has left.</summary>
    public async Task<StagingArea> NewTransferAreaAsync(Digest owner, CancellationToken cancellationToken)
    {
        var staging = await NewStagingAreaAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            staging.GoOnWith(Partials, owner);
            return staging;
        }
        catch
        {
            staging.Dispose();
            throw;
        }
    }

    /// <summary>Removes what processes that died had left: staging areas, locks, and what only they reached.</summary>
    /// <param name="staging">
    /// An area of this process, made before: should it die while it sweeps, the next sweep sees that too and looks again.
    /// </param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    private async Task SweepAsync(StagingArea staging, CancellationToken cancellationToken)
    {
        SweepLocks(_layout.Flights);
        SweepLocks(_layout.Leases);
        StoreMarker.SweepTemporary(Root);

        // Where others are committing right now the next sweep looks again; unless nobody has counted yet, which cannot wait.
        using var commitLock = Room.TryReadCounts() is null
            ? await LockFile.AcquireAsync(_layout.CommitLock, exclusive: true, cancellationToken).ConfigureAwait(false)
            : LockFile.TryAcquire(_layout.CommitLock, exclusive: true);
        if (commitLock is null)
            return;
        staging.Mark = new StagingMark(0, ChangesNames: true);
        var (count, changedNames) = StagingArea.Sweep(_layout);
        if (changedNames)
            await RemoveUnreachableAsync(staging).ConfigureAwait(false);
        else if (Room.TryReadCounts() is null)
            await Room.RecountAsync(cancellationToken).ConfigureAwait(false);
        staging.Mark = new StagingMark(0, ChangesNames: false);
        PartialStore.Remove(staging, Partials.Choose(freeBytes: 0));
        if (count > 0)
            _logger.Swept(count, Root);
    }

    /// <summary>Counts the store anew for a writer that has moved things away without counting them.</summary>
    public async Task RecountAsync(StagingArea staging)
    {
        try
        {
            using var commitLock = await LockFile
                .AcquireAsync(_layout.CommitLock, exclusive: true, CancellationToken.None)
                .ConfigureAwait(false);
            await Room.RecountAsync(CancellationToken.None).ConfigureAwait(false);
            staging.Mark = new StagingMark(0, ChangesNames: false);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure) || failure is StoreException)
        {
            _logger.NotCounted(Root, failure.Message);
            staging.LeaveToSweep();
        }
    }

    private void SweepLocks(string directory)
    {
        foreach (var path in Directory.EnumerateFiles(directory))
        {
            if (path != _layout.CommitLock && path != _layout.RoomLock)
                LockFile.TryAcquire(path, exclusive: true)?.DisposeAndRemove();
        }
    }

    /// <summary>Removes every manifest, snapshot and blob that no entry reaches.</summary>
    /// <remarks>
    /// Walks the whole store: only a process that died while it changed names is a reason to. The caller holds the commit lock
    /// exclusively. What a pull has staged it holds by links of its own. A snapshot that is leased without an entry stays with
    /// all that it reaches.
    /// </remarks>
    private async Task RemoveUnreachableAsync(StagingArea staging)
    {
        staging.Mark = staging.Mark with { ChangesNames = true };
        var entries = ListEntries().Select(listed => listed.Entry).ToList();
        var manifests = entries
            .SelectMany(entry => entry.Previous.Prepend(entry.Manifest))
            .Concat(PinSet.Read(_layout).Versions)
            .ToHashSet();
        foreach (var path in Directory.EnumerateDirectories(_layout.Snapshots).ToList())
        {
            if (!Digest.TryParse(Path.GetFileName(path), out var digest) || manifests.Contains(digest))
                continue;
            if (Leases.TryExclude(digest) is not { } excluded)
            {
                manifests.Add(digest);
                continue;
            }
            Take(path);
            excluded.Dispose();
        }
        var manifestPaths = manifests.Select(_layout.Manifest).ToHashSet(StringComparer.Ordinal);
        var blobPaths = manifests
            .Select(TryReadManifest)
            .SelectMany(manifest => manifest?.Files ?? [])
            .Select(file => _layout.Blob(file.Digest))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(_layout.Manifests, "*", AllFiles).ToList())
        {
            if (!manifestPaths.Contains(path))
                Take(path);
        }
        foreach (var path in Directory.EnumerateFiles(_layout.Blobs, "*", AllFiles).ToList())
        {
            if (!blobPaths.Contains(BlockChecksumFile.BlobOf(path)))
                Take(path);
        }
        Posix.SyncDirectory(staging.Path);
        await Room.RecountAsync(CancellationToken.None).ConfigureAwait(false);
        staging.Mark = staging.Mark with { ChangesNames = false };

        // As the remover names them: documents keep an extension.
        void Take(string path) => TryMove(path, staging.NewPath() + Path.GetExtension(path));
    }

    /// <summary>Removes the names that a failed commit linked: on a full disk they are what stands in the way.</summary>
    private async Task RemoveLeftOfFailureAsync(StagingArea staging)
    {
        try
        {
            using var commitLock = LocksWork ? LockFile.TryAcquire(_layout.CommitLock, exclusive: true) : null;
            if (commitLock is null)
            {
                staging.LeaveToSweep();
                return;
            }
            await RemoveUnreachableAsync(staging).ConfigureAwait(false);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure) || failure is StoreException)
        {
            staging.LeaveToSweep();
        }
    }

    /// <summary>Adds up what processes that have ended noted of the use of this store.</summary>
    public void FoldUsage() => new UsageBook(_layout).Fold();

    /// <summary>Counts what is there while others may be changing it: for a store that nobody has counted yet.</summary>
    public StoreCounts CountNow() => Count();

    /// <summary>Counts what is there. The caller keeps writers away.</summary>
    private StoreCounts Count()
    {
        var counts = StoreCounts.Zero;
        foreach (var listed in ListEntries())
            counts += new StoreCounts { Entries = 1, EntryBytes = listed.Entry.SizeBytes };
        foreach (var path in Directory.EnumerateFiles(_layout.Blobs, "*", AllFiles))
        {
            if (!BlockChecksumFile.IsOne(path) && Posix.TryStatus(path, followLinks: false, out var status))
                counts += new StoreCounts { Blobs = 1, BlobBytes = status.SizeBytes };
        }
        foreach (var path in Directory.EnumerateFiles(_layout.Snapshots, "*", AllFiles))
        {
            if (Posix.TryStatus(path, followLinks: false, out var status) && _materializer.IsCopy(status))
                counts += new StoreCounts { CopyBytes = status.SizeBytes };
        }
        return counts;
    }

    private static void TryMove(string directory, string target)
    {
        try
        {
            Posix.Rename(directory, target);
        }
        catch (IOException failure) when (failure.HResult == Posix.ENOENT)
        {
            // It was never built, or is gone already.
        }
    }
}
