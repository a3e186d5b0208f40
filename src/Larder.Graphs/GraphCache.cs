using Larder.Content;
using Larder.Graphs.Budgets;
using Larder.Graphs.History;
using Larder.Graphs.Pressure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Graphs;

/// <summary>Keeps what is loaded and ready to run, up to a number of graphs and bytes, and leases it to callers.</summary>
/// <remarks>
/// Safe for use by any number of threads. A hit never waits for room, nor behind those who do. The cache owns the graphs: it disposes
/// each when it is evicted, removed, or when the cache is disposed, always on a thread of the pool and never while it is leased or a
/// part of another graph.
/// </remarks>
public sealed partial class GraphCache : IAsyncDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly CoarseClock _clock;
    private readonly ILogger _logger;
    private readonly Upkeep _upkeep;
    private readonly GraphMeter _meter;
    private readonly EventPump _events;
    private readonly TaskCompletionSource _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Replaced as a whole by Reconfigure; read without the lock where one value is enough.
    private volatile Settings _settings;

    // Guards all below and every slot. Under it nothing is awaited and no code of callers runs.
    private readonly Lock _lock = new();
    private readonly Dictionary<EntryKey, Slot> _table = [];
    private readonly Ledger _ledger = new();
    private readonly GraphHistory _history = new();
    private bool _isDisposed;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="options">Its limits and times; later changes to them do not matter, see <see cref="Reconfigure"/>.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="logger">Where it logs to; null for nowhere.</param>
    /// <exception cref="ArgumentException">The options have faults; all are named.</exception>
    public GraphCache(GraphCacheOptions options, TimeProvider? timeProvider = null, ILogger<GraphCache>? logger = null)
        : this(options, new MachineMemory(), timeProvider, logger) { }

    internal GraphCache(
        GraphCacheOptions options,
        IMemoryGauge memory,
        TimeProvider? timeProvider = null,
        ILogger<GraphCache>? logger = null
    )
    {
        _timeProvider = timeProvider ?? TimeProvider.System;
        _clock = new CoarseClock(_timeProvider);
        _logger = new SafeLogger(logger ?? NullLogger<GraphCache>.Instance);
        _events = new EventPump(this, _logger);
        _settings = Checked(options);
        _ledger.Limit(_settings);
        _memory = memory;
        _historyFile = options.HistoryFile;
        if (_historyFile is not null)
            HistoryFile.Load(_historyFile, _history, _logger);
        _meter = new GraphMeter(this, _logger);
        _upkeep = new Upkeep(this, _timeProvider);
        _upkeep.Start();
    }

    internal ILogger Logger => _logger;

    /// <summary>The options in force.</summary>
    internal Settings CurrentSettings => _settings;

    /// <summary>Raised after each load, eviction, disposal and failure, one after the other, on a thread of the pool.</summary>
    /// <remarks>
    /// A handler may take its time and use the cache: it holds up later events and nothing else. What it throws is logged, and goes no
    /// further.
    /// </remarks>
    public event EventHandler<GraphEventArgs>? Happened;

    /// <summary>Takes over new limits, times and another policy.</summary>
    /// <remarks>
    /// What still fits stays. Where a lower limit is exceeded, idle graphs go by the policy, and those in use count until they are
    /// returned. Callers who wait now find the room that a higher limit gives, or hear that they will never fit a lower one.
    /// The history's file is the one that the cache was made with.
    /// </remarks>
    /// <exception cref="ArgumentException">The options have faults; all are named, and nothing is changed.</exception>
    public void Reconfigure(GraphCacheOptions options)
    {
        var settings = Checked(options);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _settings = settings;
            _ledger.Limit(settings);
            DismissWhoNeverFits();
            TrimExcess();
            MakeRoom();
        }
        _upkeep.Start();
    }

    /// <summary>Leases the graph of a key, loading it first if it is not there.</summary>
    /// <inheritdoc cref="RentAsync{T}(GraphRequest{T}, CancellationToken)"/>
    /// <param name="key">Names everything that the graph depends on.</param>
    /// <param name="load">Makes the graph, which then belongs to the cache; runs on a thread of the pool.</param>
    /// <param name="cancellationToken">Ends the wait of this caller only.</param>
    public ValueTask<GraphLease<T>> RentAsync<T>(
        EntryKey key,
        Func<CancellationToken, Task<T>> load,
        CancellationToken cancellationToken = default
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(load);
        if (!cancellationToken.IsCancellationRequested && TryLend<T>(key, GraphUse.Shared, out var lease))
            return ValueTask.FromResult(lease);
        return RentSlowlyAsync(WithoutContext(key, load), cancellationToken);
    }

    /// <summary>Leases a graph, loading it first if it is not there.</summary>
    /// <remarks>
    /// All who ask for a key at once share one load, and its failure. A failure is remembered for a while, as the options say, and is
    /// given to who asks meanwhile. The load's token is cancelled when the last of them has left. When the cache is full, idle graphs
    /// make place; when all are in use, callers wait in the order in which they came. A caller who keeps a lease while asking for
    /// another graph may be waiting for that lease: who needs several rents them in one call, <see cref="RentAllAsync"/>.
    /// </remarks>
    /// <param name="request">Which graph, and how it is loaded.</param>
    /// <param name="cancellationToken">Ends the wait of this caller only.</param>
    /// <exception cref="GraphRoomException">There was no room in the time that the options allow.</exception>
    /// <exception cref="GraphTooLargeException">There is no room even in an empty cache.</exception>
    /// <exception cref="GraphBusyException">It is loaded, and was in use all the time that the options allow.</exception>
    /// <exception cref="GraphLoadException">Its load failed a short time ago, or took too long.</exception>
    /// <exception cref="InvalidOperationException">The load returned null, or the graph was loaded as another type.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed.</exception>
    public ValueTask<GraphLease<T>> RentAsync<T>(GraphRequest<T> request, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!cancellationToken.IsCancellationRequested && TryLend<T>(request.Key, request.Use, out var lease))
            return ValueTask.FromResult(lease);
        return RentSlowlyAsync(request, cancellationToken);
    }

    /// <summary>Leases several graphs at once, all of them or none.</summary>
    /// <remarks>
    /// Room for all that are missing is taken in one step, and while the call waits for it, or for its turn at graphs in use, it keeps
    /// nobody else from room or use: two callers with half of what they need cannot wait for each other.
    /// </remarks>
    /// <param name="requests">Which graphs, each of another key.</param>
    /// <param name="cancellationToken">Ends the wait of this caller only.</param>
    /// <exception cref="ArgumentException">There is no request, or two have one key.</exception>
    /// <inheritdoc cref="RentAsync{T}(GraphRequest{T}, CancellationToken)"/>
    public async Task<GraphLeases> RentAllAsync(
        IReadOnlyCollection<GraphRequest> requests,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(requests);
        // A copy: the caller's list may change while the call waits.
        var wanted = requests.ToArray();
        if (wanted.Length is 0)
            throw new ArgumentException("No graph is asked for.", nameof(requests));
        if (wanted.GroupBy(request => request.Key).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
            throw new ArgumentException($"Graph {twice.Key} is asked for twice in one call.", nameof(requests));

        var rent = new Rent(wanted);
        await AcquireAsync(rent, cancellationToken).ConfigureAwait(false);
        return new GraphLeases(this, wanted, rent.Tickets);
    }

    /// <summary>Leases the graph of a key if it is loaded and free; never waits, never loads, and counts no miss.</summary>
    /// <param name="key">Names everything that the graph depends on.</param>
    /// <param name="lease">The lease, when the answer is true.</param>
    /// <exception cref="InvalidOperationException">The graph was loaded as another type.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed.</exception>
    public bool TryRent<T>(EntryKey key, out GraphLease<T> lease)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(key);
        return TryLend(key, GraphUse.Shared, out lease);
    }

    /// <summary>Lists the loaded graphs as they are now, in no order.</summary>
    public IReadOnlyList<GraphStatus> ListGraphs()
    {
        var now = _clock.Now;
        lock (_lock)
        {
            return [.. _table.Values.Where(slot => slot.State is SlotState.Loaded).Select(slot => StatusOf(slot, now))];
        }
    }

    /// <summary>Tells what the cache knows of a key: whether it is loaded, how its last load failed, what it is worth to have it.</summary>
    /// <remarks>This is no use of the graph.</remarks>
    public GraphStanding Describe(EntryKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var now = _clock.Now;
        lock (_lock)
        {
            var slot = _table.GetValueOrDefault(key);
            var failure = _history.Find(key)?.Failure;
            return new GraphStanding
            {
                IsLoading = slot is { State: SlotState.Loading },
                Loaded = slot is { State: SlotState.Loaded } ? StatusOf(slot, now) : null,
                Failure =
                    failure is null || failure.IsOver(now, _disposals)
                        ? null
                        : GraphLoadException.Remembered(key, failure, now),
                Worth = WorthOf(key, now),
            };
        }
    }

    /// <summary>Lets the next request of a key try to load, though its load failed a short time ago, or it had measured too much.</summary>
    public void ForgetFailure(EntryKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (_lock)
            _history.Forget(key);
    }

    /// <summary>Ends the cache, and completes when every graph has been disposed.</summary>
    /// <remarks>
    /// From the call on nothing can be rented, and who waits for a graph gets an <see cref="ObjectDisposedException"/>. Loads are
    /// cancelled, idle graphs disposed at once, leased ones when their last lease is returned: a lease that never comes back
    /// keeps this from completing, and a host that waits for it from stopping. A load or a disposal that takes longer than the options
    /// allow does not.
    /// </remarks>
    public async ValueTask DisposeAsync()
    {
        bool isFirst;
        lock (_lock)
        {
            isFirst = !_isDisposed;
            if (isFirst)
                Close();
        }
        await _emptied.Task.ConfigureAwait(false);
        if (!isFirst)
            return;
        _upkeep.Dispose();
        _meter.Dispose();
        SaveHistory();
        await _events.EndAsync(_settings.DisposalDeadline, _timeProvider).ConfigureAwait(false);
    }

    private static GraphStatus StatusOf(Slot slot, DateTimeOffset now) =>
        new(slot.Key, slot.Users, slot.LoadTime, slot.IsIdle ? slot.IdleSince : now, slot.Size, slot.Uses.Total);

    private static Settings Checked(GraphCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.FindFaults() is { Count: > 0 } faults)
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        return new Settings(options);
    }

    // Apart from the hit, which must not make the closure.
    private static GraphRequest<T> WithoutContext<T>(EntryKey key, Func<CancellationToken, Task<T>> load)
        where T : class => new(key, (_, cancellationToken) => load(cancellationToken));

    private void Raise(
        GraphEventKind kind,
        Slot slot,
        TimeSpan duration,
        Exception? failure = null,
        EvictionReason? reason = null
    )
    {
        if (Happened is not { } handlers)
            return;
        _events.Post(
            handlers,
            new GraphEventArgs
            {
                Kind = kind,
                Key = slot.Key,
                Name = slot.Name,
                RoomFor = slot.MadeRoomFor?.Key,
                Size = slot.Size,
                Duration = duration,
                Failure = failure,
                Reason = reason,
            }
        );
    }
}
