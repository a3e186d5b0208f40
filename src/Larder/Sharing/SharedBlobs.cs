using System.Collections.Concurrent;
using Larder.Content;
using Larder.Origins;

namespace Larder.Sharing;

/// <summary>The blobs that a shared entry names, as an origin that a transfer can fetch from, with the patience of their cache.</summary>
/// <remarks>
/// All its streams together are one transfer to the patience: they cost nothing while they bring
/// <see cref="SharedCacheOptions.LeastBytesPerSecond"/> or more. A failure is told as one that is not worth another try, because
/// all tries that there is patience for have been made; only a body that broke off is, and is asked for again as any.
/// </remarks>
internal sealed class SharedBlobs : IOrigin, IDisposable
{
    private readonly PatientStore _store;
    private readonly Manifest _manifest;
    private readonly ConcurrentDictionary<Digest, SharedObject> _seen = new();

    // One for the transfer; paused while nobody reads.
    private readonly Lazy<PatientWait> _wait;

    /// <summary>Creates the origin; nothing is asked before a file is opened.</summary>
    /// <param name="cache">Whose patience counts.</param>
    /// <param name="entry">What was found.</param>
    /// <param name="manifest">What <see cref="SharedCache.ReadManifestAsync"/> has read for it.</param>
    public SharedBlobs(SharedCache cache, SharedEntry entry, Manifest manifest)
    {
        _store = cache.Patient;
        _manifest = manifest;
        _wait = new Lazy<PatientWait>(() =>
        {
            var wait = _store.Begin(SharedDirection.Read);
            wait.Pause();
            return wait;
        });
        foreach (var (digest, seen) in entry.Blobs)
            _seen[digest] = seen;
    }

    /// <inheritdoc/>
    public string Name => "shared";

    /// <summary>None: what it has is named by an entry and not by a reference.</summary>
    public IReadOnlyList<string> Schemes => [];

    /// <summary>The files as the manifest has them, each with its digest and its length.</summary>
    public OriginListing Listing =>
        new([
            .. _manifest.Files.Select(file => new OriginFile(
                file.Path,
                file.SizeBytes,
                file.Digest.ToString(),
                file.Digest,
                HasRanges: true
            )),
        ])
        {
            Revision = _manifest.Digest.ToString(),
            IsFixed = true,
        };

    /// <inheritdoc/>
    public Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken) =>
        Task.FromResult(Listing);

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(
        ModelReference reference,
        OriginFile file,
        ByteRange? range,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(file);
        if (file.Digest is not { } digest)
            throw new ArgumentException($"'{file.Path}' has no digest: it is not of this listing.", nameof(file));
        try
        {
            try
            {
                return await OpenOnceAsync(digest, file, range, cancellationToken).ConfigureAwait(false);
            }
            catch (SharedStoreException changed) when (changed.Failure == SharedFailure.Changed)
            {
                // Somebody has sent the same bytes again: a blob has only one content, and its tag is another by now.
                _seen.TryRemove(digest, out _);
                return await OpenOnceAsync(digest, file, range, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (SharedStoreException failure)
        {
            throw Translate(reference, failure);
        }
    }

    /// <summary>Ends the transfer.</summary>
    public void Dispose()
    {
        if (_wait.IsValueCreated)
            _wait.Value.Dispose();
    }

    internal static OriginException Translate(ModelReference reference, SharedStoreException failure) =>
        new(
            failure.Failure switch
            {
                SharedFailure.NotFound => OriginFailure.NotFound,
                SharedFailure.Changed => OriginFailure.Changed,
                _ => OriginFailure.Broken,
            },
            reference.Text,
            failure.Message,
            failure
        );

    private async Task<Stream> OpenOnceAsync(
        Digest digest,
        OriginFile file,
        ByteRange? range,
        CancellationToken cancellationToken
    )
    {
        if (!_seen.TryGetValue(digest, out var seen))
            _seen[digest] = seen = await LookAsync(digest, file, cancellationToken).ConfigureAwait(false);
        var wait = _wait.Value;
        var body = await _store
            .AskAsync(SharedDirection.Read, (store, token) => store.OpenAsync(seen, range, token), cancellationToken)
            .ConfigureAwait(false);
        return new SharedBlobStream(body, wait, _store.Location);
    }

    private async Task<SharedObject> LookAsync(Digest digest, OriginFile file, CancellationToken cancellationToken)
    {
        var name = SharedNames.Blob(digest);
        var seen = await _store
            .AskAsync(SharedDirection.Read, (store, token) => store.TryStatAsync(name, token), cancellationToken)
            .ConfigureAwait(false);
        return seen?.SizeBytes == file.SizeBytes
            ? seen!
            : throw new SharedStoreException(
                SharedFailure.Broken,
                _store.Location,
                seen is null
                    ? $"The shared store {_store.Location} does not have '{name}' any more. What needs it is a miss."
                    : $"'{name}' of the shared store {_store.Location} has {seen.SizeBytes} bytes, not {file.SizeBytes}. What needs it is a miss."
            );
    }
}
