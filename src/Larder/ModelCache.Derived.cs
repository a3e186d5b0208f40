using Larder.Content;
using Larder.Derived;
using Larder.Pull;
using Larder.Store;

namespace Larder;

// What is made from models, and kept beside them: it can be made again, so that it goes whenever that is simpler.
public sealed partial class ModelCache
{
    private readonly DerivedEntries _derived;
    private readonly FailureNotes _failures;

    /// <summary>Leases what was made for a key; null when the store does not have it, or not whole.</summary>
    /// <param name="key">All that the answer depends on; of another kind than <c>model</c>.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <returns>The files under a lease, which the caller disposes.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public Task<DerivedFiles?> TryOpenAsync(EntryKey key, CancellationToken cancellationToken = default)
    {
        ThrowIfPull(key);
        return UseAsync(() => _derived.TryOpenAsync(key, cancellationToken));
    }

    /// <summary>Gives a directory to make the files of a key in; null when there is no room for them.</summary>
    /// <remarks>Nothing is evicted for them: what was fetched is worth more than what can be made again.</remarks>
    /// <param name="key">All that the files depend on; of another kind than <c>model</c>.</param>
    /// <param name="sizeBytes">How many bytes they will have, as far as that is known; room is reserved for so many.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <returns>The directory, which the caller disposes.</returns>
    /// <exception cref="StoreException">The store cannot be written to.</exception>
    public Task<DerivedWriter?> TryWriteAsync(
        EntryKey key,
        long sizeBytes,
        CancellationToken cancellationToken = default
    )
    {
        ThrowIfPull(key);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        return UseAsync(() => _derived.TryWriteAsync(key, sizeBytes, DerivedRoom.Free, cancellationToken));
    }

    /// <summary>Gives a directory to make the files of a key in, which their user asked for: room is made for them as for a pull.</summary>
    /// <param name="key">All that the files depend on; of another kind than <c>model</c>.</param>
    /// <param name="sizeBytes">How many bytes they will have, as far as that is known; room is reserved for so many.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <returns>The directory, which the caller disposes.</returns>
    /// <exception cref="NoRoomException">They do not fit, whatever is removed for them.</exception>
    /// <exception cref="StoreException">The store cannot be written to.</exception>
    public async Task<DerivedWriter> WriteAsync(
        EntryKey key,
        long sizeBytes,
        CancellationToken cancellationToken = default
    )
    {
        ThrowIfPull(key);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        return (
            await UseAsync(() => _derived.TryWriteAsync(key, sizeBytes, DerivedRoom.Evict, cancellationToken))
                .ConfigureAwait(false)
        )!;
    }

    /// <summary>The failure that is remembered of a key; null when there is none, or its time is over.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public FailureNote? TryReadFailure(EntryKey key)
    {
        ThrowIfPull(key);
        return Read(() => _failures.TryRead(key));
    }

    /// <summary>Remembers that the files of a key could not be made, on this machine and for a while.</summary>
    /// <param name="key">What was to be made.</param>
    /// <param name="kind">What sort of failure it was, in the caller's words.</param>
    /// <param name="message">What happened; no secrets.</param>
    /// <param name="keepFor">How long it is remembered.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <exception cref="StoreException">The store cannot be written to.</exception>
    public Task NoteFailureAsync(
        EntryKey key,
        string kind,
        string message,
        TimeSpan keepFor,
        CancellationToken cancellationToken = default
    )
    {
        ThrowIfPull(key);
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(keepFor, TimeSpan.Zero);
        return UseAsync(async () =>
        {
            await _failures.WriteAsync(key, kind, message, keepFor, cancellationToken).ConfigureAwait(false);
            return true;
        });
    }

    /// <summary>Forgets the failure that is remembered of a key.</summary>
    /// <exception cref="StoreException">The store cannot be written to.</exception>
    public void ForgetFailure(EntryKey key)
    {
        ThrowIfPull(key);
        Read(() =>
        {
            _failures.Forget(key);
            return true;
        });
    }

    /// <summary>What was made from a version and is in the store.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<CachedModel> ListDerived(Digest version) =>
        Read<IReadOnlyList<CachedModel>>(() =>
        {
            var pins = _store.ReadPins();
            return
            [
                .. ListDerived()
                    .Where(listed => listed.Entry.Source.DerivedFrom == version)
                    .Select(listed => new CachedModel(_store, listed, pins)),
            ];
        });

    /// <summary>Removes what was made for a key; false when it was not there, or somebody holds a lease on it.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task<bool> RemoveAsync(EntryKey key, CancellationToken cancellationToken = default)
    {
        ThrowIfPull(key);
        return UseAsync(async () =>
        {
            var result = await _store
                .RemoveAsync(entry => entry.Key == key.Digest, cancellationToken)
                .ConfigureAwait(false);
            return result.Removed.Count > 0;
        });
    }

    // Its files came from an origin, which nobody here can speak for.
    private void ThrowIfPull(EntryKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (key.Kind == PullRequest.Kind)
            throw new ArgumentException($"A key of the kind '{key.Kind}' is answered by a pull.", nameof(key));
    }
}
