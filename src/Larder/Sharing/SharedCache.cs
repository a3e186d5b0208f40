using Larder.Content;
using Larder.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Sharing;

/// <summary>What a team has made and fetched, by key: entries, manifests and blobs in a shared store.</summary>
/// <remarks>
/// It never makes its user fail. A store that is down, slow, full, forbidden or broken is a miss, or a publication that did not
/// take place, and a warning; only what its user asked of the store itself, such as a list, throws.
/// </remarks>
public sealed class SharedCache : IAsyncDisposable
{
    private readonly EntryDocuments _documents;
    private readonly CapabilityProbe _probe;
    private readonly KnownBroken _broken = new();
    private readonly SharedReader _reader;
    private readonly SharedPublisher _publisher;
    private readonly SharedLeases _leases;
    private readonly ILogger _logger;

    /// <summary>Creates the cache; nothing is asked before it is used.</summary>
    /// <param name="store">Where the objects lie; the caller disposes it afterwards.</param>
    /// <param name="options">How it is used; the defaults when null.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="loggerFactory">Where warnings go; nowhere when null.</param>
    /// <exception cref="ArgumentException">The options make no sense; the message has all their faults.</exception>
    public SharedCache(
        ISharedStore store,
        SharedCacheOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        Store = store;
        Options = options ?? new SharedCacheOptions();
        Options.Validate();
        var time = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<SharedCache>();
        Patient = new PatientStore(store, Options, time, _logger);
        _documents = new EntryDocuments(Options);
        _probe = new CapabilityProbe(Patient, _logger);
        var contents = new SharedContents(Patient, _broken);
        _reader = new SharedReader(Patient, _documents, contents, _broken, _logger);
        _publisher = new SharedPublisher(Patient, _documents, contents, _broken, _probe, _logger);
        _leases = new SharedLeases(Patient, _documents, _broken, Options, time, _logger);
    }

    /// <summary>Where the objects lie.</summary>
    public ISharedStore Store { get; }

    /// <summary>How it is used.</summary>
    public SharedCacheOptions Options { get; }

    /// <summary>The store, asked with patience.</summary>
    internal PatientStore Patient { get; }

    /// <summary>Asks for all keys at once, in one round trip; for each its entry, or null.</summary>
    /// <remarks>What an entry names has not been looked at: <see cref="ReadManifestAsync"/> does.</remarks>
    public async Task<IReadOnlyList<SharedEntry?>> FindAsync(
        IReadOnlyList<EntryKey> keys,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(keys);
        return Options.Read
            ? await _reader.FindAsync(keys, cancellationToken).ConfigureAwait(false)
            : new SharedEntry?[keys.Count];
    }

    /// <summary>Reads the manifest that an entry names, and looks whether its blobs are there at their lengths; null when not.</summary>
    public Task<Manifest?> ReadManifestAsync(SharedEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _reader.ReadManifestAsync(entry, cancellationToken);
    }

    /// <summary>Says that bytes of an entry were not those of their digests, which only who fetched them can know.</summary>
    /// <remarks>The next publication of the key sends them again, or replaces the entry.</remarks>
    /// <param name="entry">The entry.</param>
    /// <param name="blobs">The digests whose bytes are wrong, or all that may be.</param>
    internal void ReportWrong(SharedEntry entry, IEnumerable<Digest> blobs)
    {
        _broken.Add(entry.Document);
        foreach (var blob in blobs)
        {
            _broken.Add(blob);
            _logger.BlobWrong(blob, Store.Location);
        }
    }

    /// <summary>Publishes an answer: blobs, then the manifest, then the entry, if there is none or that is broken.</summary>
    /// <remarks>
    /// An entry of a pull that can move is replaced also where it was compared with its origin earlier than this one
    /// (<see cref="SharedOutcome.MovedOn"/>). What is only of this machine, a pull from its disk, is not published.
    /// </remarks>
    /// <param name="key">What was asked.</param>
    /// <param name="entry">The answer as the local store has it.</param>
    /// <param name="manifest">Its files.</param>
    /// <param name="pathOf">Where the bytes of each file lie.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<SharedPublication> PublishAsync(
        EntryKey key,
        StoreEntry entry,
        Manifest manifest,
        Func<ManifestFile, string> pathOf,
        CancellationToken cancellationToken
    ) =>
        Options.Write
            ? await _publisher.PublishAsync(key, entry, manifest, pathOf, cancellationToken).ConfigureAwait(false)
            : new SharedPublication(SharedOutcome.NotPublished, Manifest: null, BytesSent: 0);

    /// <summary>Takes the right to compute the answer of a key, so that others wait for it.</summary>
    /// <returns>
    /// The lease, which the caller disposes; it holds nothing where leases are off, the store cannot give one, or the wait was
    /// over: compute all the same.
    /// </returns>
    internal Task<SharedLease> AcquireLeaseAsync(EntryKey key, CancellationToken cancellationToken) =>
        AcquireLeaseAsync(key, found: null, cancellationToken);

    /// <summary>The same where there is an entry that is no answer any more, such as one of a model that may have moved on.</summary>
    internal Task<SharedLease> AcquireLeaseAsync(
        EntryKey key,
        SharedEntry? found,
        CancellationToken cancellationToken
    ) => _leases.AcquireAsync(key, found?.Known ?? [], cancellationToken);

    /// <summary>Ends what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await Patient.DisposeAsync().ConfigureAwait(false);
        _documents.Dispose();
        _probe.Dispose();
    }
}
