using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Scrub;
using Larder.Telemetry;
using Larder.Transfer;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder;

/// <summary>Keeps model files on local disk, fetched once, verified, and held while they are in use.</summary>
/// <remarks>Safe for concurrent use. Any number of caches, in any number of processes, may share one store.</remarks>
public sealed class ModelCache : IDisposable
{
    private readonly LocalStore _store;
    private readonly Puller _puller;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly HttpOrigin _http = new();
    private bool _isDisposed;

    /// <summary>Opens a store, making one of a missing or empty directory.</summary>
    /// <param name="options">Where and how; the defaults when null.</param>
    /// <param name="origins">Origins besides those for directories and HTTP, which are always there.</param>
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
        _store = OpenStore(options, time, logger);
        _puller = new Puller(
            _store,
            new OriginSet([new DirectoryOrigin(), _http, .. origins ?? []]),
            new Downloader(_store, options.Connections, options.IdleTimeout, time),
            time,
            logger
        );
    }

    /// <summary>The store's directory, absolute.</summary>
    public string StorePath => _store.Root;

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
    /// <exception cref="NoRoomException">The disk is full.</exception>
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
        try
        {
            if (_puller.TryHit(reference, options) is { } hit)
                return Task.FromResult(hit);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            return Task.FromException<Snapshot>(StoreFailure.Translate(failure, _store));
        }
        return PullMissAsync(reference, options, cancellationToken);
    }

    /// <summary>Removes what processes that died had left in the store.</summary>
    /// <remarks>
    /// Each cache does this by itself before it first writes, and then no more. A process that lives long does it at its start,
    /// so that nothing waits for the first model that is not there.
    /// </remarks>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public void Sweep() =>
        Read(() =>
        {
            _store.SweepOnce();
            return true;
        });

    /// <summary>All models in the store, by reference. Walks the store's entries.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<CachedModel> List() =>
        Read<IReadOnlyList<CachedModel>>(() =>
            [
                .. _store
                    .ListEntries()
                    .Select(listed => new CachedModel(_store, listed))
                    .OrderBy(model => model.Reference, StringComparer.Ordinal)
                    .ThenBy(model => model.Digest),
            ]
        );

    /// <summary>The model that the store has of a reference; null when it has none.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public CachedModel? Find(ModelReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var key = PullRequest.KeyOf(reference);
        return Read(() => _store.TryFindEntry(key) is { } listed ? new CachedModel(_store, listed) : null);
    }

    /// <summary>What the store holds and has saved so far. Walks the store.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public StoreStatistics GetStatistics() => Read(Count);

    /// <summary>Removes one model, or all when <paramref name="reference"/> is null; never what is leased.</summary>
    /// <exception cref="StoreException">The store cannot be used, or cannot tell what is leased.</exception>
    public async Task<ClearResult> ClearAsync(ModelReference? reference, CancellationToken cancellationToken = default)
    {
        var wanted = reference is null ? null : PullRequest.KeyOf(reference);
        try
        {
            var result = await _store
                .RemoveAsync(listed => wanted is null || wanted.Answers(listed.Entry.Request.Span), cancellationToken)
                .ConfigureAwait(false);
            return new ClearResult(
                result.Removed.Count,
                result.FreedBytes,
                [.. result.Kept.Select(listed => listed.Entry.Source.Reference).Order(StringComparer.Ordinal)]
            );
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            throw StoreFailure.Translate(failure, _store);
        }
    }

    /// <summary>Reads what is stored again, all of it or one model, and compares it with its digests.</summary>
    /// <remarks>
    /// What is damaged goes to the store's <c>quarantine/</c>, and with it every snapshot that has it, leased or not: nobody is
    /// served wrong bytes. Entries stay; the next pull of a model fetches what it lacks. Others may pull and clear meanwhile.
    /// </remarks>
    /// <exception cref="NotCachedException">The store does not have that model.</exception>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public async Task<VerifyReport> VerifyAsync(
        ModelReference? reference,
        VerifyOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        options ??= new VerifyOptions();
        var start = _timeProvider.GetTimestamp();
        try
        {
            var log = await new StoreVerifier(_store, _timeProvider)
                .RunAsync(Stored(reference), options.Progress, cancellationToken)
                .ConfigureAwait(false);
            var findings = ConcernIndex.Complete(_store, log.Findings);
            LarderMeter.BytesVerified.Add(log.BytesRead);
            LarderMeter.ItemsDamaged.Add(findings.Count(finding => finding.IsDamage));
            if (options.Repair)
                findings = await new Repairer(_store, _puller, reference, options)
                    .RunAsync(findings, cancellationToken)
                    .ConfigureAwait(false);
            return new VerifyReport
            {
                Checked = log.Checked,
                BytesRead = log.BytesRead,
                Findings = findings,
                Duration = _timeProvider.GetElapsedTime(start),
            };
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            throw StoreFailure.Translate(failure, _store);
        }
    }

    /// <summary>Reads all blobs again, slowly and again and again, until it is cancelled; a server does.</summary>
    internal Task ScrubAsync(ScrubOptions options, CancellationToken cancellationToken) =>
        new Scrubber(_store, options, _timeProvider, _logger).RunAsync(cancellationToken);

    /// <summary>Closes connections and logs. Snapshots that were handed out stay valid.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _http.Dispose();
        _store.Usage.Dispose();
    }

    private (EntryKey Key, string Reference)? Stored(ModelReference? reference)
    {
        if (reference is null)
            return null;
        var key = PullRequest.KeyOf(reference);
        // By its name alone: a document that cannot be read is what a verification is for.
        return Posix.TryStatus(_store.Layout.Entry(key), followLinks: false, out _)
            ? (key, reference.Text)
            : throw new NotCachedException(
                reference.Text,
                $"'{reference}' is not in the store '{StorePath}'. 'larder list' shows what is."
            );
    }

    private async Task<Snapshot> PullMissAsync(
        ModelReference reference,
        PullOptions options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await _puller.PullAsync(reference, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            throw StoreFailure.Translate(failure, _store);
        }
    }

    private StoreStatistics Count()
    {
        var entries = _store.ListEntries().Select(listed => listed.Entry).ToList();
        var (blobs, blobBytes) = _store.CountBlobs();
        var usage = _store.Usage.Sum();
        return new StoreStatistics
        {
            TotalModels = entries.Count,
            TotalSizeBytes = entries.Sum(entry => entry.SizeBytes),
            Blobs = blobs,
            BytesFetched = usage.BytesFetched,
            Cache = new CacheStatistics
            {
                Hits = usage.Hits,
                Misses = usage.Misses,
                Entries = entries.Count,
                Bytes = blobBytes,
                BytesSaved = usage.BytesSaved,
                TimeSaved = usage.TimeSaved,
            },
        };
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

    private static LocalStore OpenStore(ModelCacheOptions options, TimeProvider timeProvider, ILogger logger)
    {
        try
        {
            return LocalStore.Open(options.StorePath, options.Materialize, timeProvider, logger);
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
