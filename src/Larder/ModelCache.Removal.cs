using System.Text;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Eviction;
using Larder.Store.Index;
using Larder.Telemetry;

namespace Larder;

// What goes, and what stays whatever comes.
public sealed partial class ModelCache
{
    /// <summary>Removes one model, or all when <paramref name="reference"/> is null; never what is leased or pinned.</summary>
    /// <remarks>
    /// Of a model all choices of its files that are stored, and with them their earlier versions and what was made from them.
    /// </remarks>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task<ClearResult> ClearAsync(ModelReference? reference, CancellationToken cancellationToken = default) =>
        UseAsync(() =>
        {
            if (reference is null)
                return ClearAsync(_ => true, cancellationToken);
            // With the key of all files there goes what broke off before it was ever an entry.
            return ClearAsync(reference.Text, [.. KeysOf(reference), PullRequest.KeyOf(reference)], cancellationToken);
        });

    /// <summary>Removes one choice of the files of a model, and what was made from it; never what is leased or pinned.</summary>
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
        var wanted = PullRequest.KeyOf(reference, options);
        return UseAsync(() => ClearAsync(reference.Text, [wanted], cancellationToken));
    }

    /// <summary>Removes one entry, and what was made from it where it is a model; never what is leased or pinned.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    internal Task<ClearResult> ClearEntryAsync(CachedModel model, CancellationToken cancellationToken) =>
        UseAsync(() => ClearAsync(model.Reference, [KeyOf(model)], cancellationToken));

    /// <summary>What a clear would do now; nothing is touched.</summary>
    /// <param name="reference">The reference of the entry; null for all entries.</param>
    /// <param name="key">The entry; null for all.</param>
    /// <param name="isReleased">Versions whose leases the caller will have returned before the clear.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    internal Task<ClearPreview> PreviewClearAsync(
        string? reference,
        EntryKey? key,
        Func<Digest, bool> isReleased,
        CancellationToken cancellationToken
    ) =>
        UseAsync(async () =>
        {
            var keys = key is null ? null : KeysToClear(reference!, [key]);
            var preview = await _store
                .PreviewRemovalAsync(entry => keys is null || keys.Contains(entry.Key), isReleased, cancellationToken)
                .ConfigureAwait(false);
            var partialBytes = _store
                .ListPartials()
                .Where(left => keys is null || keys.Contains(left.Owner))
                .Sum(left => left.Bytes);
            return new ClearPreview(
                [.. preview.Removed.Select(entry => Candidate(entry, isPinned: false))],
                [.. preview.Kept.Select(kept => Candidate(kept.Entry, kept.IsPinned))],
                preview.FreedBytes + partialBytes
            );
        });

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
            if (!options.DryRun)
                StoreMeter.EvictedAsAsked(result.Removed.Count);
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

    /// <summary>Keeps an entry, and the version that it has now.</summary>
    /// <exception cref="NotCachedException">It was removed meanwhile.</exception>
    internal Task PinEntryAsync(CachedModel model, CancellationToken cancellationToken) =>
        PinAsync(KeyOf(model), model.Reference, version: null, cancellationToken);

    /// <summary>Takes the pin off an entry; false when there was none.</summary>
    internal bool UnpinEntry(CachedModel model) => Read(() => _store.Unpin(KeyOf(model)));

    /// <summary>The key that an entry answers.</summary>
    internal static EntryKey KeyOf(CachedModel model) =>
        EntryKey.OfCanonical(model.Kind, Encoding.UTF8.GetBytes(model.Request));

    private static ClearCandidate Candidate(IndexedEntry entry, bool isPinned) =>
        new(entry.Key, entry.Kind, entry.Reference, entry.Manifest, entry.SizeBytes, isPinned);

    private Task<ClearResult> ClearAsync(
        string reference,
        IReadOnlyList<EntryKey> keys,
        CancellationToken cancellationToken
    ) => ClearAsync(KeysToClear(reference, keys).Contains, cancellationToken);

    private HashSet<Digest> KeysToClear(string reference, IReadOnlyList<EntryKey> keys) =>
        KeysWithDerived(reference, keys).Select(key => key.Digest).ToHashSet();

    // With a model goes what was made from it; what was made goes alone.
    private IReadOnlyList<EntryKey> KeysWithDerived(string reference, IReadOnlyList<EntryKey> keys) =>
        [.. keys, .. keys.Any(key => key.Kind == PullRequest.Kind) ? DerivedKeysOf(reference, keys) : []];

    private async Task<ClearResult> ClearAsync(Func<Digest, bool> choose, CancellationToken cancellationToken)
    {
        // What a pull that died has left is found only then.
        await _store.SweepAsync(cancellationToken).ConfigureAwait(false);
        var partial = await _store
            .DropPartialsAsync(_store.ListPartials().Where(left => choose(left.Owner)), cancellationToken)
            .ConfigureAwait(false);
        var result = await _store.RemoveAsync(entry => choose(entry.Key), cancellationToken).ConfigureAwait(false);
        return new ClearResult(
            result.Removed.Count(entry => entry.Kind == PullRequest.Kind),
            result.FreedBytes + partial,
            [
                .. result
                    .Kept.Select(entry => entry.Reference)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ]
        );
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
            .ListEntries(kind => kind == PullRequest.Kind)
            .Where(listed => PullRequest.TryRead(listed.Entry.Request)?.IsOf(reference) == true)
            .Select(listed => EntryKey.OfCanonical(listed.Kind, listed.Entry.Request.ToArray()));

    /// <summary>What was made from the versions that some keys name, and from versions of the reference that are gone.</summary>
    /// <remarks>Another reference may have the same version: what it misses then is made again.</remarks>
    private IEnumerable<EntryKey> DerivedKeysOf(string reference, IEnumerable<EntryKey> keys)
    {
        var versions = keys.Select(_store.TryReadEntry)
            .OfType<StoreEntry>()
            .SelectMany(entry => entry.Previous.Prepend(entry.Manifest))
            .ToHashSet();
        return ListDerived()
            .Where(listed =>
                listed.Entry.Source is { DerivedFrom: { } version } source
                && (
                    versions.Contains(version)
                    || (source.Reference == reference && !Posix.Exists(_store.Layout.Manifest(version)))
                )
            )
            .Select(listed => EntryKey.OfCanonical(listed.Kind, listed.Entry.Request.ToArray()));
    }

    private IEnumerable<ListedEntry> ListDerived() => _store.ListEntries(kind => kind != PullRequest.Kind);

    // What was made from a model goes by the model's name, and is not the model.
    private static List<string> References(IEnumerable<IndexedEntry> entries) =>
        [
            .. entries
                .Select(entry => entry.Kind == PullRequest.Kind ? entry.Reference : $"{entry.Reference} ({entry.Kind})")
                .Order(StringComparer.Ordinal),
        ];
}
