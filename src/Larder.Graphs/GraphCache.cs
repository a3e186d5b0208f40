using Larder.Content;
using Larder.Graphs.Eviction;
using Larder.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Graphs;

/// <summary>Keeps what is loaded and ready to run, up to a number of graphs, and leases it to callers.</summary>
/// <remarks>
/// Safe for use by any number of threads. A hit never waits. The cache owns the graphs: it disposes each when it is evicted,
/// removed, or when the cache is disposed, always on a thread of the pool and never while it is leased.
/// </remarks>
public sealed partial class GraphCache : IAsyncDisposable
{
    private readonly int _maxGraphs;
    private readonly TimeSpan _waitForRoom;
    private readonly IEvictionPolicy _policy;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guards all below and every slot. Under it nothing is awaited and no code of callers runs.
    private readonly Lock _lock = new();
    private readonly Dictionary<EntryKey, Slot> _table = [];
    private bool _isDisposed;
    private long _hits;
    private long _misses;
    private long _evictions;
    private long _failures;
    private TimeSpan _timeSaved;

    /// <summary>Creates an empty cache.</summary>
    /// <exception cref="ArgumentException">The options have faults; all are named.</exception>
    public GraphCache(GraphCacheOptions options, TimeProvider? timeProvider = null, ILogger<GraphCache>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.FindFaults() is { Count: > 0 } faults)
            throw new ArgumentException(string.Join(' ', faults), nameof(options));

        _maxGraphs = options.MaxGraphs;
        _waitForRoom = options.WaitForRoom;
        _policy = EvictionPolicies.Find(options.Policy)!;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger<GraphCache>.Instance;
    }

    /// <summary>What the cache has done since it was made.</summary>
    public CacheStatistics Statistics
    {
        get
        {
            lock (_lock)
            {
                return new CacheStatistics
                {
                    Hits = _hits,
                    Misses = _misses,
                    Entries = _table.Values.Count(slot => slot.State is SlotState.Loaded),
                    TimeSaved = _timeSaved,
                    Evictions = _evictions,
                    Failures = _failures,
                };
            }
        }
    }

    /// <summary>Leases the graph of a key, loading it first if it is not there.</summary>
    /// <remarks>
    /// All who ask for a key at once share one load, and its failure; a failure is not kept. The load runs on a thread of the
    /// pool, and its token is cancelled when the last of them has left. When the cache is full, an idle graph makes place; when
    /// all are in use, callers wait in the order in which they came. A caller who keeps a lease while asking for another graph
    /// may be waiting for that lease.
    /// </remarks>
    /// <param name="key">Names everything that the graph depends on.</param>
    /// <param name="load">Makes the graph, which then belongs to the cache.</param>
    /// <param name="cancellationToken">Ends the wait of this caller only.</param>
    /// <exception cref="GraphRoomException">There was no room in the time that the options allow.</exception>
    /// <exception cref="InvalidOperationException">The load returned null, or the graph was loaded as another type.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed.</exception>
    public ValueTask<GraphLease<T>> RentAsync<T>(
        EntryKey key,
        Func<CancellationToken, Task<T>> load,
        CancellationToken cancellationToken = default
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(load);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<GraphLease<T>>(cancellationToken);

        Slot<T>? slot;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            slot = Find<T>(key);
            if (slot is { State: SlotState.Loaded })
                return ValueTask.FromResult(Hit(slot));
            _misses++;
            slot ??= Queue(key, load);
            slot.Holders++;
        }
        return WaitForGraphAsync(slot, cancellationToken);
    }

    /// <summary>Leases the graph of a key if it is loaded; never waits, never loads, and counts no miss.</summary>
    /// <param name="key">Names everything that the graph depends on.</param>
    /// <param name="lease">The lease, when the answer is true.</param>
    /// <exception cref="InvalidOperationException">The graph was loaded as another type.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed.</exception>
    public bool TryRent<T>(EntryKey key, out GraphLease<T> lease)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var slot = Find<T>(key);
            var isLoaded = slot is { State: SlotState.Loaded };
            lease = isLoaded ? Hit(slot!) : default;
            return isLoaded;
        }
    }

    /// <summary>Removes a graph that nobody uses, and completes when its disposal has ended.</summary>
    /// <param name="key">The key of the graph.</param>
    /// <param name="cancellationToken">Ends the wait for the disposal; the graph is removed all the same.</param>
    /// <exception cref="ObjectDisposedException">The cache has been disposed.</exception>
    public async Task<EvictOutcome> RemoveAsync(EntryKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        Slot? slot;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_table.TryGetValue(key, out slot))
                return EvictOutcome.NotFound;
            if (!slot.IsIdle)
                return EvictOutcome.InUse;
            Unload(slot);
        }
        await slot.Disposal.WaitAsync(cancellationToken).ConfigureAwait(false);
        return EvictOutcome.Removed;
    }

    /// <summary>Removes all graphs that nobody uses, and completes when their disposal has ended.</summary>
    /// <param name="cancellationToken">Ends the wait for the disposals; the graphs are removed all the same.</param>
    /// <exception cref="ObjectDisposedException">The cache has been disposed.</exception>
    public async Task<GraphClearResult> ClearAsync(CancellationToken cancellationToken = default)
    {
        Slot[] idle;
        EntryKey[] kept;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            idle = [.. _table.Values.Where(slot => slot.IsIdle)];
            foreach (var slot in idle)
                Unload(slot);
            kept = [.. _table.Keys];
        }
        await Task.WhenAll(idle.Select(slot => slot.Disposal)).WaitAsync(cancellationToken).ConfigureAwait(false);
        return new GraphClearResult(idle.Length, kept);
    }

    /// <summary>Lists the loaded graphs as they are now, in no order.</summary>
    public IReadOnlyList<GraphStatus> ListGraphs()
    {
        var now = _timeProvider.GetUtcNow();
        lock (_lock)
        {
            return
            [
                .. _table
                    .Values.Where(slot => slot.State is SlotState.Loaded)
                    .Select(slot => new GraphStatus(
                        slot.Key,
                        slot.Holders,
                        slot.LoadTime,
                        slot.IsIdle ? slot.IdleSince : now
                    )),
            ];
        }
    }

    /// <summary>Ends the cache, and completes when every graph has been disposed.</summary>
    /// <remarks>
    /// From the call on nothing can be rented, and who waits for a graph gets an <see cref="ObjectDisposedException"/>. Loads are
    /// cancelled, idle graphs disposed at once, leased ones when their last lease is returned: a lease that never comes back
    /// keeps this from completing.
    /// </remarks>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (!_isDisposed)
                Close();
        }
        return new ValueTask(_emptied.Task);
    }

    /// <summary>Ends the lease of that number, if it has not ended before.</summary>
    internal void Return<T>(LeaseTicket<T> ticket, long number)
        where T : class
    {
        var now = _timeProvider.GetUtcNow();
        lock (_lock)
        {
            if (ticket.Slot.TryTakeBack(ticket, number))
                Release(ticket.Slot, now);
        }
    }

    private GraphLease<T> Hit<T>(Slot<T> slot)
        where T : class
    {
        _hits++;
        _timeSaved += slot.LoadTime;
        slot.Holders++;
        return slot.Lease(fromCache: true);
    }

    private Slot<T>? Find<T>(EntryKey key)
        where T : class =>
        _table.GetValueOrDefault(key) switch
        {
            null => null,
            Slot<T> slot => slot,
            var other => throw new InvalidOperationException(
                $"Graph {key} was loaded as {other.GraphType} and cannot be rented as {typeof(T)}. Rent it as what it was loaded as, or give the two different keys."
            ),
        };
}
