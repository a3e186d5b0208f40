using Microsoft.Win32.SafeHandles;

namespace Larder.Store.Scrub;

/// <summary>Takes what is damaged out of everybody's way.</summary>
/// <remarks>
/// What is moved away is not counted piece by piece: when all is done the store is counted anew. Until then a writer's mark says
/// that names are being changed, so that after a crash the next sweep counts.
/// </remarks>
internal sealed class Condemnation(LocalStore store, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private StagingArea? _area;

    /// <summary>Takes what was moved away out of the store's counts.</summary>
    public async Task SettleAsync()
    {
        using var area = _area;
        if (area is null)
            return;
        _area = null;
        await store.RecountAsync(area).ConfigureAwait(false);
    }

    /// <summary>Moves a damaged file to the quarantine, and every snapshot that has this very file.</summary>
    public Removal RemoveFile(string path, Verdict verdict)
    {
        Announce();
        if (verdict.File is { } file)
            Mark(file);
        var removal = Remove(path, verdict.Status);
        try
        {
            return verdict.Status is { IsFile: true, Links: > 1 } && MoveSnapshots(verdict.Status) > 0
                ? removal with
                {
                    Deed = $"{removal.Deed} So was every snapshot that held it.",
                }
                : removal;
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            return removal with { Deed = $"{removal.Deed} Snapshots may hold it too ({failure.Message})." };
        }
    }

    /// <summary>Moves something damaged to the quarantine; a snapshot also when it is leased: wrong bytes are worse than none.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="expected">What it was when it was looked at.</param>
    public Removal Remove(string path, in FileStatus expected)
    {
        Announce();
        try
        {
            if (store.Quarantine.Move(path, expected) is { } moved)
                return new Removal(moved, IsReplaced: false, $"It was moved to '{moved}'.");
            return Posix.TryStatus(path, followLinks: false, out _)
                ? new Removal(null, IsReplaced: true, "Somebody has put another in its place meanwhile.")
                : new Removal(null, IsReplaced: false, "Somebody has moved it away meanwhile.");
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            return new Removal(
                null,
                IsReplaced: false,
                $"It could not be moved away ({failure.Message}): remove it yourself."
            );
        }
    }

    /// <summary>Takes the time of a blob from a file, under all its names at once.</summary>
    /// <remarks>
    /// By the open file and not by a name. From now on it counts as touched wherever it is: in a snapshot that is a hard link
    /// of it, and in the staging area of a pull that has just taken it for reuse and will link it in a moment.
    /// </remarks>
    public void Mark(SafeFileHandle file)
    {
        try
        {
            File.SetLastWriteTimeUtc(file, timeProvider.GetUtcNow().UtcDateTime);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            // Somebody else's file, or a disk that takes no more writes: moving it away must do.
        }
    }

    /// <summary>Says that the store has to be counted anew.</summary>
    public void Announce()
    {
        lock (_lock)
        {
            if (_area is not null)
                return;
            try
            {
                _area = store.CreateStagingArea();
                _area.Mark = new StagingMark(0, ChangesNames: true);
            }
            catch (Exception failure) when (StoreFailure.Covers(failure))
            {
                // A disk without room for a name: what is wrong must go all the same, and counts are corrected later.
            }
        }
    }

    private int MoveSnapshots(FileStatus damaged)
    {
        var count = 0;
        foreach (var snapshot in Directory.EnumerateDirectories(store.Layout.Snapshots).ToList())
        {
            if (
                Posix.TryStatus(snapshot, followLinks: false, out var directory)
                && Holds(snapshot, damaged)
                && store.Quarantine.Move(snapshot, directory) is not null
            )
                count++;
        }
        return count;
    }

    private static bool Holds(string snapshot, FileStatus damaged)
    {
        try
        {
            return Directory
                .EnumerateFiles(snapshot, "*", LocalStore.AllFiles)
                .Any(path => Posix.TryStatus(path, followLinks: false, out var status) && status.IsSameFile(damaged));
        }
        catch (DirectoryNotFoundException)
        {
            return false; // Moved away by somebody else meanwhile.
        }
    }
}
