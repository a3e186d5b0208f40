using Larder.Content;
using Larder.Derived;
using Larder.Origins;
using Larder.Pull;
using Larder.Pull.Archives;
using Larder.Store;
using Larder.Store.Eviction;
using Larder.Store.Room;
using Larder.Store.Scrub;
using Larder.Telemetry;
using Larder.Transfer;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder;

/// <summary>Keeps model files on local disk, fetched once, verified, and held while they are in use.</summary>
/// <remarks>Safe for concurrent use. Any number of caches, in any number of processes, may share one store.</remarks>
public sealed partial class ModelCache : IDisposable
{
    private readonly LocalStore _store;
    private readonly StoreLayers _layers;
    private readonly Puller _puller;
    private readonly RunningPulls _pulls;
    private readonly Resolver _resolver;
    private readonly Publications _publications;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly HttpOrigin _http = new();
    private readonly long? _capacityBytes;
    private readonly BandwidthLimit _bandwidth;
    private readonly StoreGauges? _gauges;
    private bool _isDisposed;

    /// <summary>Opens a store, making one of a missing or empty directory.</summary>
    /// <param name="options">Where and how; the defaults when null.</param>
    /// <param name="origins">
    /// Origins besides those for directories and HTTP, which are there unless one of these answers their schemes; the caller
    /// disposes them after the cache.
    /// </param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="loggerFactory">Where warnings go; nowhere when null.</param>
    /// <exception cref="StoreException">The directory is not a store, or one of a newer format, or cannot be used.</exception>
    public ModelCache(
        ModelCacheOptions? options = null,
        IEnumerable<IOrigin>? origins = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null
    )
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException(
                "Larder's store rests on fsync, link, rename and flock as Linux has them: it runs on Linux only."
            );
        options ??= new ModelCacheOptions();
        options.Validate();
        var time = timeProvider ?? TimeProvider.System;
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<ModelCache>();
        _timeProvider = time;
        _logger = logger;
        _capacityBytes = options.CapacityBytes;
        _bandwidth = new BandwidthLimit(time) { BytesPerSecond = options.BytesPerSecond };
        _store = OpenStore(options, time, logger);
        _layers = new StoreLayers(_store, OpenLowerStore(options, time, logger), logger);
        _derived = new DerivedEntries(_store, _layers, time);
        _failures = new FailureNotes(_store, time);
        var context = new TransferContext(
            new TransferSettings(options.Connections, options.IdleTimeout, options.Retries)
            {
                LeastBytesPerSecond = options.LeastBytesPerSecond,
            },
            _bandwidth,
            time
        );
        var fromShared = new SharedTransfer(_store, _layers, context, logger);
        _borrowed = new BorrowedAnswers(_store, _layers, _derived, fromShared);
        _publications = new Publications(logger);
        var shared = options.Shared is { Options.Models: true } cache
            ? new SharedModels(cache, _store, _layers, fromShared, _publications, time)
            : null;
        var downloader = new Downloader(_store, _layers, context);
        var lister = new ModelLister(_store, _layers, downloader);
        var set = new OriginSet([.. origins ?? [], new DirectoryOrigin(), _http]);
        var work = new PullWork(_store, _layers, downloader, lister, options.Archives, time, logger)
        {
            Shared = shared,
        };
        _pulls = new RunningPulls(time);
        _puller = new Puller(_store, _layers, set, new TeamPull(work, shared, lister), _pulls, time, logger);
        _resolver = new Resolver(_layers, set, lister, time, logger) { Shared = shared };
        _gauges = LarderTelemetry.IsEnabled ? new StoreGauges(GetStatistics, time) : null;
    }

    /// <summary>The store's directory, absolute.</summary>
    public string StorePath => _store.Root;

    /// <summary>How many bytes a second all transfers may take together; 0 for no limit. A change counts at once.</summary>
    public long BytesPerSecond
    {
        get => _bandwidth.BytesPerSecond;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _bandwidth.BytesPerSecond = value;
        }
    }

    /// <summary>For tests: called after each step of a commit.</summary>
    internal Action<CommitStep> StepReached
    {
        set => _store.StepReached = value;
    }

    /// <summary>For tests: how a verification reads.</summary>
    internal ReadBytes ReadBytes
    {
        set => _store.ReadBytes = value;
    }

    /// <summary>Makes a model's files available as a directory: from the store where it has them, else from their origin.</summary>
    /// <remarks>
    /// Callers that want the same model at the same time cause one transfer, in this process and across processes. A hit asks
    /// no network, walks no directory and reads no file's bytes.
    /// </remarks>
    /// <returns>The files under a lease, which the caller disposes.</returns>
    /// <exception cref="ReferenceException">No origin answers such a reference.</exception>
    /// <exception cref="OriginException">The origin does not have it, or does not answer.</exception>
    /// <exception cref="IntegrityException">The bytes that came are not those that were promised.</exception>
    /// <exception cref="NotCachedException">Offline, and the store does not have it.</exception>
    /// <exception cref="ArchiveException">The archive that it names cannot be unpacked, or may not be.</exception>
    /// <exception cref="GlobException">A pattern makes no sense.</exception>
    /// <exception cref="NoRoomException">It does not fit into the store, now or ever.</exception>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task<Snapshot> PullAsync(
        ModelReference reference,
        PullOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<Snapshot>(cancellationToken);
        options ??= new PullOptions();
        return LarderActivities.AreWatched
            ? PullWatchedAsync(reference, options, cancellationToken)
            : PullAtOnceAsync(reference, options, cancellationToken);
    }

    /// <summary>The pulls that this cache is doing now, the longest first; hits, which end at once, are not among them.</summary>
    public IReadOnlyList<PullStatus> ListPulls() => _pulls.List();

    /// <summary>Removes what processes that died had left in the store, and adds up what was noted of its use.</summary>
    /// <remarks>
    /// Each cache does the first by itself before it first writes, and then no more. A process that lives long does it at its
    /// start, so that nothing waits for the first model that is not there, and again from time to time.
    /// </remarks>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task SweepAsync(CancellationToken cancellationToken = default) =>
        UseAsync(async () =>
        {
            await _store.SweepAsync(cancellationToken).ConfigureAwait(false);
            _store.FoldUsage();
            _failures.Sweep();
            return true;
        });

    /// <summary>Counts what is stored while others use it, and corrects what the store says of itself; a server does.</summary>
    /// <returns>False when the store changed meanwhile: it may be tried again.</returns>
    internal Task<bool> TryReconcileAsync(CancellationToken cancellationToken) =>
        UseAsync(() => _store.TryReconcileAsync(cancellationToken));

    /// <summary>All models in the store and in the lower one, and what was made from them, by reference. Walks their entries.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<CachedModel> List() =>
        Read<IReadOnlyList<CachedModel>>(() =>
        {
            var pins = _store.ReadPins();
            var models = _store.ListEntries().Select(listed => new CachedModel(_store, listed, pins)).ToList();
            return
            [
                .. models
                    .Concat(ListLower(models))
                    .OrderBy(model => model.Reference, StringComparer.Ordinal)
                    .ThenBy(model => model.DerivedFrom is not null)
                    .ThenBy(model => model.Digest),
            ];
        });

    /// <summary>The model that the store has of a reference; null when it has none.</summary>
    /// <param name="reference">What was pulled.</param>
    /// <param name="options">How it was pulled: with another choice of files it is another entry. All files when null.</param>
    /// <exception cref="GlobException">A pattern makes no sense.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public CachedModel? Find(ModelReference reference, PullOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return Find(PullRequest.KeyOf(reference, options));
    }

    /// <summary>All choices of a reference's files that the store has, or the one that it was pulled with. May walk all entries.</summary>
    /// <param name="reference">What was pulled.</param>
    /// <param name="options">How it was pulled; null for every choice.</param>
    /// <exception cref="GlobException">A pattern makes no sense.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<CachedModel> FindAll(ModelReference reference, PullOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (options is not null)
            return Find(reference, options) is { } model ? [model] : [];
        return [.. List().Where(model => model.IsOf(reference))];
    }

    /// <summary>The versions in the store and in the lower one whose digests begin with some digits, of whatever model.</summary>
    /// <param name="prefix">Two or more hexadecimal digits, in lower case.</param>
    /// <exception cref="ArgumentException">They are something else.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<Digest> FindVersions(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length is < 2 or > Digest.SizeBytes * 2 || !prefix.All(char.IsAsciiHexDigitLower))
            throw new ArgumentException("Hexadecimal digits in lower case, 2 to 64 of them.", nameof(prefix));
        return Read<IReadOnlyList<Digest>>(() =>
            [.. _store.FindVersions(prefix).Union(_layers.Lower?.FindVersions(prefix) ?? []).Order()]
        );
    }

    /// <summary>Why a model is kept, and what its removal would give back; null when the store does not have it.</summary>
    /// <remarks>Reads every entry of the store.</remarks>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public Task<KeepReport?> ExplainAsync(
        ModelReference reference,
        PullOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        var key = PullRequest.KeyOf(reference, options).Digest;
        return UseAsync(() => _store.ExplainAsync(key, cancellationToken));
    }

    /// <summary>What the store holds and has saved so far, as far as it was counted.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public StoreStatistics GetStatistics() => Read(Count);

    /// <summary>Where the files of a snapshot came from; null when its entry is gone, or is of another version by now.</summary>
    internal EntrySource? FindSource(Snapshot snapshot) => Read(snapshot.FindSource);

    /// <summary>The files of a version, if the store knows them; whether it has them is another matter.</summary>
    internal Manifest? FindManifest(Digest version) => Read(() => _layers.TryReadManifest(version));

    /// <summary>A file that has the bytes of one of a snapshot: the blob where it is there, else the snapshot's own file.</summary>
    internal string FindFile(Snapshot snapshot, ManifestFile file) => Read(() => _layers.PathOf(snapshot.Path, file));

    /// <summary>Closes connections and logs. Snapshots that were handed out stay valid.</summary>
    /// <remarks>What is being published in a shared store is broken off: <see cref="FlushAsync"/> waits for it.</remarks>
    public void Dispose()
    {
        _isDisposed = true;
        _gauges?.Dispose();
        _publications.Dispose();
        _http.Dispose();
        _layers.Dispose();
        _store.Dispose();
    }

    private CachedModel? Find(EntryKey key) =>
        Read(() =>
            _store.TryFindEntry(key) is { } listed ? new CachedModel(_store, listed, _store.ReadPins())
            : _layers.Lower?.TryFindEntry(key) is { } low ? new CachedModel(_layers.Lower, low, pins: null)
            : null
        );

    private StoreStatistics Count()
    {
        var counts = _store.TryReadCounts() ?? _store.CountNow();
        var usage = _store.SumUsage();
        // There are few of them, and not in the counts by themselves.
        var derived = ListDerived().Select(listed => listed.Entry.SizeBytes).ToList();
        return new StoreStatistics
        {
            TotalModels = (int)counts.Entries - derived.Count,
            TotalSizeBytes = counts.EntryBytes - derived.Sum(),
            Blobs = (int)counts.Blobs,
            BytesFetched = usage.BytesFetched,
            CapacityBytes = _capacityBytes,
            PartialBytes = _store.ListPartials().Sum(left => left.Bytes),
            Cache = new CacheStatistics
            {
                Hits = usage.Hits,
                Misses = usage.Misses,
                Entries = counts.Entries,
                Bytes = counts.HeldBytes,
                BytesSaved = usage.BytesSaved,
                TimeSaved = usage.TimeSaved,
                Evictions = usage.Evictions,
                Failures = usage.Failures,
            },
        };
    }

    private async Task<T> UseAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            throw StoreFailure.Translate(failure, _store);
        }
    }

    private T Read<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            throw StoreFailure.Translate(failure, _store);
        }
    }

    // What the upper store has of a key hides what the lower one has.
    private IEnumerable<CachedModel> ListLower(List<CachedModel> upper)
    {
        if (_layers.Lower is not { } lower)
            return [];
        var hidden = upper.Select(model => model.Key).ToHashSet();
        return lower
            .ListEntries()
            .Select(listed => new CachedModel(lower, listed, pins: null))
            .Where(model => !hidden.Contains(model.Key));
    }

    private static LocalStore? OpenLowerStore(ModelCacheOptions options, TimeProvider timeProvider, ILogger logger)
    {
        if (options.LowerStorePath is not { } path || IsSame(path, options.StorePath))
            return null;
        try
        {
            return LocalStore.OpenReadOnly(path, timeProvider, logger);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                path,
                $"The lower store '{path}' cannot be opened: {failure.Message}. Mend the cause, or take store.lower out of the configuration.",
                failure
            );
        }
    }

    private static bool IsSame(string one, string other) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(one))
        == Path.TrimEndingDirectorySeparator(Path.GetFullPath(other));

    private static LocalStore OpenStore(ModelCacheOptions options, TimeProvider timeProvider, ILogger logger)
    {
        try
        {
            return LocalStore.Open(
                options.StorePath,
                options.Materialize,
                timeProvider,
                logger,
                new StoreLimits(options.CapacityBytes, options.KeepFreeBytes, options.HighWater, options.LowWater),
                EvictionPolicies.Find(options.Policy)
            );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                options.StorePath,
                $"The store '{options.StorePath}' cannot be opened: {failure.Message}. Mend the cause, or use another store with --store.",
                failure
            );
        }
    }
}
