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
    /// <summary>Creates the cache; nothing is asked before it is used.</summary>
    /// <param name="store">Where the objects lie; the caller disposes it afterwards.</param>
    /// <param name="options">How it is used; the defaults when null.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="loggerFactory">Where warnings go; nowhere when null.</param>
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
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<SharedCache>();
        Patient = new PatientStore(store, Options, timeProvider ?? TimeProvider.System, logger);
    }

    /// <summary>Where the objects lie.</summary>
    public ISharedStore Store { get; }

    /// <summary>How it is used.</summary>
    public SharedCacheOptions Options { get; }

    /// <summary>The store, asked with patience.</summary>
    internal PatientStore Patient { get; }

    /// <summary>Asks for all keys at once, in one round trip; for each its entry, or null.</summary>
    /// <remarks>What an entry names has not been looked at: <see cref="ReadManifestAsync"/> does.</remarks>
    public Task<IReadOnlyList<SharedEntry?>> FindAsync(
        IReadOnlyList<EntryKey> keys,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException();

    /// <summary>Reads the manifest that an entry names, and looks whether its blobs are there at their lengths; null when not.</summary>
    public Task<Manifest?> ReadManifestAsync(SharedEntry entry, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Publishes an answer: blobs, then the manifest, then the entry, if there is none or that is broken.</summary>
    /// <param name="key">What was asked.</param>
    /// <param name="entry">The answer as the local store has it.</param>
    /// <param name="manifest">Its files.</param>
    /// <param name="pathOf">Where the bytes of each file lie.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal Task<SharedPublication> PublishAsync(
        EntryKey key,
        StoreEntry entry,
        Manifest manifest,
        Func<ManifestFile, string> pathOf,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>Publishes an answer in the place of one that was seen, if it is still that one.</summary>
    internal Task<SharedPublication> ReplaceAsync(
        SharedEntry seen,
        StoreEntry entry,
        Manifest manifest,
        Func<ManifestFile, string> pathOf,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>Notes that what an entry names is missing or wrong, so that the next publication replaces it.</summary>
    internal void ReportBroken(SharedEntry entry) => throw new NotSupportedException();

    /// <summary>Takes the right to compute the answer of a key, so that others wait for it.</summary>
    /// <returns>The lease, which the caller disposes; null when leases are off or the store cannot give one: compute.</returns>
    internal Task<SharedLease> AcquireLeaseAsync(EntryKey key, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Ends what is under way.</summary>
    public ValueTask DisposeAsync() => Patient.DisposeAsync();
}
