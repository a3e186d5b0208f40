using System.Globalization;
using Larder.Store.Partial;

namespace Larder.Store.Room;

/// <summary>Counts what a store holds and reserves room in it, for all processes that use it.</summary>
/// <remarks>
/// All is done under one lock that nobody holds for longer than a few system calls. Where locks lie the numbers are the best
/// that can be had, and nothing else suffers.
/// </remarks>
internal sealed class StoreRoom(StoreLayout layout, StoreLimits limits, TimeProvider timeProvider)
{
    // Its holders never wait for anything: who holds it this long is stopped.
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Counts a store anew where its counts are not known; set once by the store.</summary>
    public required Func<StoreCounts> Recount { get; init; }

    /// <summary>What takes room besides what is counted.</summary>
    public required PartialStore Partials { get; init; }

    /// <summary>Reserves bytes for a writer if they fit; returns what was found, and whether it was done.</summary>
    /// <param name="staging">The writer.</param>
    /// <param name="bytes">How many more than it has reserved.</param>
    /// <param name="isLastTry">Whether the store cannot be emptied further, so that the high mark is no hindrance.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    public async Task<(RoomState State, bool IsReserved)> TryReserveAsync(
        StagingArea staging,
        long bytes,
        bool isLastTry,
        CancellationToken cancellationToken
    )
    {
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        var state = Look(held, staging);
        if (!(isLastTry ? state.FitsAtMost(bytes) : state.Fits(bytes)))
            return (state, false);
        staging.Mark = staging.Mark with { ReservedBytes = staging.Mark.ReservedBytes + bytes };
        return (state, true);
    }

    /// <summary>How full the store is now.</summary>
    public async Task<RoomState> LookAsync(CancellationToken cancellationToken)
    {
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        return Look(held, own: null);
    }

    /// <summary>Counts what a writer has put into the store or taken away.</summary>
    /// <param name="staging">The writer, whose change of names ends with this.</param>
    /// <param name="change">What there is more than before.</param>
    /// <param name="reservedBytes">Bytes that it has reserved from now on.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    public async Task ChangeAsync(
        StagingArea staging,
        StoreCounts change,
        long reservedBytes,
        CancellationToken cancellationToken
    )
    {
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        // A count made now has the change in it already.
        var counts = CountsFile.Read(held.Handle) is { } before ? before + change : Recount();
        CountsFile.Write(held.Handle, counts, held.Path);
        staging.Mark = new StagingMark(reservedBytes, ChangesNames: false);
    }

    /// <summary>Counts anew.</summary>
    /// <remarks>The caller keeps every other writer away from the store's names.</remarks>
    public async Task RecountAsync(CancellationToken cancellationToken)
    {
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        CountsFile.Write(held.Handle, Recount(), held.Path);
    }

    /// <summary>Counts anew while others go on, and corrects the counts unless one of them changed the store meanwhile.</summary>
    /// <returns>Whether the counts are known to be right now.</returns>
    public async Task<bool> TryReconcileAsync(CancellationToken cancellationToken)
    {
        if (TryReadCounts() is not { } before || IsSomebodyChanging())
            return false;
        var counted = Recount();
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        if (CountsFile.Read(held.Handle) != before || IsSomebodyChanging())
            return false;
        if (counted != before)
            CountsFile.Write(held.Handle, counted, held.Path);
        return true;
    }

    /// <summary>The counts, without waiting for anybody; null when they are not known.</summary>
    public StoreCounts? TryReadCounts()
    {
        using var file = Posix.TryOpenLocked(layout.RoomLock);
        return file is null ? null : CountsFile.Read(file);
    }

    private bool IsSomebodyChanging() =>
        StagingArea.Locks(layout).Any(path => TryReadLiving(path) is { ChangesNames: true });

    private async Task<LockFile> LockAsync(CancellationToken cancellationToken) =>
        await LockFile
            .WaitAsync(
                () => LockFile.TryAcquire(layout.RoomLock, exclusive: true),
                Patience,
                timeProvider,
                cancellationToken
            )
            .ConfigureAwait(false)
        ?? throw new StoreException(
            layout.RoomLock,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Another process holds '{layout.RoomLock}' for over {Patience.TotalSeconds} s, so no room could be reserved. Find out whether it is stopped: 'fuser {layout.RoomLock}' names it."
            )
        );

    private RoomState Look(LockFile held, StagingArea? own)
    {
        var counts = ReadOrCount(held);
        var (reserved, allocated) = (0L, 0L);
        foreach (var path in StagingArea.Locks(layout))
        {
            var mark = own?.IsLockPath(path) == true ? own.Mark : TryReadLiving(path);
            if (mark is not { ReservedBytes: > 0 and var bytes })
                continue;
            reserved += bytes;
            allocated += Math.Min(bytes, AllocatedBytes(StagingArea.PathOf(path)));
        }
        var free = new DriveInfo(layout.Root).AvailableFreeSpace;
        var partial = Partials.List().Sum(left => left.Bytes);
        return new RoomState(counts, reserved, limits.On(counts.HeldBytes + partial + allocated, free))
        {
            PartialBytes = partial,
        };
    }

    private StoreCounts ReadOrCount(LockFile held)
    {
        if (CountsFile.Read(held.Handle) is { } counts)
            return counts;
        counts = Recount();
        CountsFile.Write(held.Handle, counts, held.Path);
        return counts;
    }

    /// <summary>The mark of a writer that lives; null when it is dead, or gone.</summary>
    private static StagingMark? TryReadLiving(string path)
    {
        using var file = Posix.TryOpenToLock(path);
        if (file is null)
            return null;
        if (!Posix.TryLock(file, exclusive: true, path))
            return StagingMark.Read(file);
        Posix.Unlock(file);
        return null;
    }

    /// <summary>What the files of a writer take of the disk; those that it has linked from the store are the store's.</summary>
    private static long AllocatedBytes(string directory)
    {
        try
        {
            return Directory
                .EnumerateFiles(directory)
                .Sum(path =>
                    Posix.TryStatus(path, followLinks: false, out var status) && status.Links == 1
                        ? status.AllocatedBytes
                        : 0
                );
        }
        catch (DirectoryNotFoundException)
        {
            return 0;
        }
    }
}
