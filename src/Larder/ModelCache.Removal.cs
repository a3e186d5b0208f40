using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Eviction;
using Larder.Store.Index;

namespace Larder;

// What goes, and what stays whatever comes.
public sealed partial class ModelCache
{
    /// <summary>Removes one model, or all when <paramref name="reference"/> is null; never what is leased or pinned.</summary>
    /// <remarks>Of a model all choices of its files that are stored, and with them their earlier versions.</remarks>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task<ClearResult> ClearAsync(ModelReference? reference, CancellationToken cancellationToken = default) =>
        UseAsync(() =>
        {
            if (reference is null)
                return ClearAsync(_ => true, cancellationToken);
            var keys = KeysOf(reference).Select(key => key.Digest).ToHashSet();
            // What broke off before it was ever an entry.
            keys.Add(PullRequest.KeyOf(reference).Digest);
            return ClearAsync(keys.Contains, cancellationToken);
        });

    /// <summary>Removes one choice of the files of a model; never what is leased or pinned.</summary>
    /// <param name="reference">What was pulled.</param>
    /// <param name="options">How it was pulled.</param>
    /// <param name="cancellationToken">Stops the wait for others; a removal that has begun is not stopped.</param>
    /// <exception cref="GlobException">A pattern makes no sense.</exception>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task<ClearResult> ClearAsync(
        ModelReference reference,
        PullOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(options);
        var wanted = PullRequest.KeyOf(reference, options).Digest;
        return UseAsync(() => ClearAsync(key => key == wanted, cancellationToken));
    }

    /// <summary>Removes what is worth least until the store is small enough, or what was not used for long.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task<EvictResult> EvictAsync(EvictOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return UseAsync(async () =>
        {
            // What pulls that died have left counts as theirs, and goes first.
            if (!options.DryRun)
                await _store.SweepAsync(cancellationToken).ConfigureAwait(false);
            var room = await _store.LookAtRoomAsync(cancellationToken).ConfigureAwait(false);
            var heldBytes = room.Counts.HeldBytes + room.PartialBytes;
            var excess = options.ToBytes is { } to ? Math.Max(0, heldBytes - to) : 0;
            // First what nobody has the use of yet.
            var partials = _store.ChoosePartials(excess, options.OlderThan);
            var partialBytes = options.DryRun
                ? partials.Sum(left => left.Bytes)
                : await _store.DropPartialsAsync(partials, cancellationToken).ConfigureAwait(false);
            var goal = new EvictionGoal
            {
                FreeBytes = Math.Max(0, excess - partialBytes),
                UnusedSince = options.OlderThan is { } age ? _timeProvider.GetUtcNow() - age : null,
            };
            var result = options.DryRun
                ? await _store.PreviewEvictionAsync(goal, cancellationToken).ConfigureAwait(false)
                : await _store.EvictAsync(goal, cancellationToken).ConfigureAwait(false);
            var freedBytes = partialBytes + result.FreedBytes;
            return new EvictResult(References(result.Removed), freedBytes, References(result.Kept))
            {
                HeldBytes = heldBytes - freedBytes,
            };
        });
    }

    /// <summary>Keeps a model, and the version that it has now, until the pin is taken off.</summary>
    /// <param name="reference">What was pulled.</param>
    /// <param name="options">How it was pulled; all files when null.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <exception cref="GlobException">A pattern makes no sense.</exception>
    /// <exception cref="NotCachedException">The store does not have it.</exception>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task PinAsync(
        ModelReference reference,
        PullOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        return PinAsync(PullRequest.KeyOf(reference, options), reference.Text, version: null, cancellationToken);
    }

    /// <summary>Keeps a model, and the version that this snapshot is of, until the pin is taken off.</summary>
    /// <exception cref="NotCachedException">It was removed meanwhile, or is one of the lower store's.</exception>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task PinAsync(Snapshot snapshot, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return PinAsync(snapshot.Key, snapshot.Reference.Text, snapshot.Digest, cancellationToken);
    }

    /// <summary>Takes a pin off; false when there was none.</summary>
    /// <param name="reference">What was pulled.</param>
    /// <param name="options">How it was pulled; all files when null.</param>
    /// <exception cref="GlobException">A pattern makes no sense.</exception>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public bool Unpin(ModelReference reference, PullOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return Read(() => _store.Unpin(PullRequest.KeyOf(reference, options)));
    }

    private async Task<ClearResult> ClearAsync(Func<Digest, bool> choose, CancellationToken cancellationToken)
    {
        // What a pull that died has left is found only then.
        await _store.SweepAsync(cancellationToken).ConfigureAwait(false);
        var partial = await _store
            .DropPartialsAsync(_store.ListPartials().Where(left => choose(left.Owner)), cancellationToken)
            .ConfigureAwait(false);
        var result = await _store.RemoveAsync(entry => choose(entry.Key), cancellationToken).ConfigureAwait(false);
        return new ClearResult(result.Removed.Count, result.FreedBytes + partial, References(result.Kept));
    }

    private Task<bool> PinAsync(EntryKey key, string reference, Digest? version, CancellationToken cancellationToken) =>
        UseAsync(async () =>
            await _store.TryPinAsync(key, version, cancellationToken).ConfigureAwait(false)
                ? true
                : throw new NotCachedException(
                    reference,
                    $"'{reference}' is not in the store, so it cannot be pinned. Pull it with --pin."
                )
        );

    // Reads every entry: the name of a choice of files does not tell of which reference it is.
    private IEnumerable<EntryKey> KeysOf(ModelReference reference) =>
        _store
            .ListEntries()
            .Where(listed => PullRequest.TryRead(listed.Entry.Request)?.IsOf(reference) == true)
            .Select(listed => EntryKey.OfCanonical(listed.Kind, listed.Entry.Request.ToArray()));

    private static List<string> References(IEnumerable<IndexedEntry> entries) =>
        [.. entries.Select(entry => entry.Reference).Order(StringComparer.Ordinal)];
}
