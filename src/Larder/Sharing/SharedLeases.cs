using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Sharing;

/// <summary>Lets one worker compute an answer while the others wait for it.</summary>
/// <remarks>
/// No two clocks are compared: who waits takes over what has not changed for the whole time to live of his own clock, and a
/// holder who lives changes it three times as often.
/// </remarks>
internal sealed class SharedLeases(
    PatientStore store,
    EntryDocuments documents,
    KnownBroken broken,
    SharedCacheOptions options,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>How long a lease that nobody renews is left to its holder.</summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(30);

    /// <summary>The most between two looks of one who waits.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.25);

    /// <summary>Waits for the lease, the answer, or the end of patience; returns in any case.</summary>
    /// <param name="key">What is computed.</param>
    /// <param name="found">The entries that are there, of whatever signer, and do not answer it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SharedLease> AcquireAsync(
        EntryKey key,
        IReadOnlyList<SharedObject> found,
        CancellationToken cancellationToken
    )
    {
        // Who may not read has nothing to wait for, and who may not write nothing to be waited for.
        if (!options.Leases || !options.Read || !options.Write || !SharedRules.CanBeShared(key))
            return Nothing(mustLookAgain: false);
        try
        {
            return await WaitAsync(key, found, cancellationToken).ConfigureAwait(false);
        }
        catch (SharedStoreException)
        {
            // Has been warned of.
            return Nothing(mustLookAgain: false);
        }
    }

    private async Task<SharedLease> WaitAsync(
        EntryKey key,
        IReadOnlyList<SharedObject> found,
        CancellationToken cancellationToken
    )
    {
        var name = SharedNames.Lease(options.Namespace, key);
        var owner = Guid.NewGuid().ToString("N");
        var began = time.GetTimestamp();
        var (seenTag, seenSince) = ("", began);
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            if (
                await WriteAsync(name, owner, SharedCondition.Absent, cancellationToken).ConfigureAwait(false) is
                { } mine
            )
                return await TakeAsync(key, found, owner, mine, cancellationToken).ConfigureAwait(false);
            if (await HasAnswerAsync(key, found, cancellationToken).ConfigureAwait(false))
                return Nothing(mustLookAgain: true);
            var lease = await ReadAsync(name, cancellationToken).ConfigureAwait(false);
            var holder = lease is null ? null : LeaseDocument.OwnerOf(lease.Content);
            if (lease is null)
                pause = FirstPause; // Given back just now.
            else if (holder == owner)
                // A write that was repeated, because its answer was lost, finds its own.
                return await TakeAsync(key, found, owner, lease.Seen, cancellationToken).ConfigureAwait(false);
            else if (lease.Seen.Tag != seenTag)
            {
                if (seenTag.Length == 0)
                    logger.WaitsForLease(key, holder ?? "nobody");
                (seenTag, seenSince) = (lease.Seen.Tag, time.GetTimestamp());
            }
            else if (time.GetElapsedTime(seenSince) >= TimeToLive)
            {
                var condition = SharedCondition.Unchanged(lease.Seen);
                if (await WriteAsync(name, owner, condition, cancellationToken).ConfigureAwait(false) is { } taken)
                {
                    logger.LeaseTakenOver(key, holder ?? "nobody");
                    return await TakeAsync(key, found, owner, taken, cancellationToken).ConfigureAwait(false);
                }
            }
            var left = options.LeaseWait - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                logger.LeaseWaitOver(key, options.LeaseWait.TotalSeconds);
                return Nothing(mustLookAgain: false);
            }
            await Task.Delay(pause < left ? pause : left, time, cancellationToken).ConfigureAwait(false);
        }
    }

    // Between the look that was a miss and this, the last holder may have published and gone.
    private async Task<SharedLease> TakeAsync(
        EntryKey key,
        IReadOnlyList<SharedObject> found,
        string owner,
        SharedObject mine,
        CancellationToken cancellationToken
    )
    {
        var hold = new LeaseHold(store, key, owner, mine, time, logger);
        try
        {
            var mustLookAgain = await HasAnswerAsync(key, found, cancellationToken).ConfigureAwait(false);
            return new SharedLease(hold, mustLookAgain);
        }
        catch
        {
            await hold.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<bool> HasAnswerAsync(
        EntryKey key,
        IReadOnlyList<SharedObject> found,
        CancellationToken cancellationToken
    )
    {
        var looks = documents.Places.Select(place =>
            store.AskAsync(
                SharedDirection.Read,
                (shared, token) => shared.TryStatAsync(SharedNames.Entry(place, key.Kind, key.Digest), token),
                cancellationToken
            )
        );
        var seen = await Task.WhenAll(looks).ConfigureAwait(false);
        // One that is known to be broken, or is not believed, is why the worker came.
        return seen.Any(entry =>
            entry is not null
            && !found.Any(known => known.Name == entry.Name && known.Tag == entry.Tag)
            && !broken.Has(entry)
        );
    }

    private Task<SharedDocument?> ReadAsync(string name, CancellationToken cancellationToken) =>
        store.AskAsync(
            SharedDirection.Read,
            (shared, token) => shared.TryReadAsync(name, LeaseDocument.MostBytes, token),
            cancellationToken
        );

    private Task<SharedObject?> WriteAsync(
        string name,
        string owner,
        SharedCondition condition,
        CancellationToken cancellationToken
    ) =>
        store.AskAsync(
            SharedDirection.Write,
            (shared, token) => shared.TryWriteAsync(name, LeaseDocument.Write(owner, beat: 0), condition, token),
            cancellationToken
        );

    private static TimeSpan Longer(TimeSpan pause) => 2 * pause < LongestPause ? 2 * pause : LongestPause;

    private static SharedLease Nothing(bool mustLookAgain) => new(hold: null, mustLookAgain);
}
