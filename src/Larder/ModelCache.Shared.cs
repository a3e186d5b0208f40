using Larder.Content;
using Larder.Derived;
using Larder.Origins;
using Larder.Pull;
using Larder.Sharing;
using Larder.Store;
using Larder.Transfer;

namespace Larder;

// What a workflow needs of a store besides files: which version a name means, and answers that others have computed.
public sealed partial class ModelCache
{
    private readonly BorrowedAnswers _borrowed;

    /// <summary>Tells which version a reference means now, and fetches nothing of it.</summary>
    /// <remarks>
    /// What is stored and fresh tells it without the network, else the origin is listed. The files of a directory of this machine
    /// are always looked at, and read where their digests are not known, as nothing else stands for them on another machine.
    /// A pull may be given another version by an origin that changes meanwhile: with the identity's <see cref="ModelIdentity.Manifest"/>
    /// as its <see cref="PullOptions.Digest"/> it is given this one or fails.
    /// </remarks>
    /// <param name="reference">The model.</param>
    /// <param name="options">Which of its files, and how fresh; the defaults when null.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="ReferenceException">No origin answers such a reference.</exception>
    /// <exception cref="OriginException">The origin does not have it, or does not answer and nothing is stored.</exception>
    /// <exception cref="NotCachedException">Offline, and the store does not have it.</exception>
    /// <exception cref="GlobException">A pattern makes no sense.</exception>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task<ModelIdentity> ResolveAsync(
        ModelReference reference,
        PullOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return UseAsync(() => _resolver.RunAsync(reference, options ?? new PullOptions(), cancellationToken));
    }

    /// <summary>What was made for a key, as its entry says, without a lease and without a look at its files; null when there is none.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public CachedModel? FindDerived(EntryKey key)
    {
        ThrowIfPull(key);
        return Find(key);
    }

    /// <summary>Makes files that the store has already the answer of another key; false when it does not have them whole.</summary>
    /// <remarks>A key that has an answer keeps it. Nothing is copied, and nothing is removed for it.</remarks>
    /// <param name="key">What they answer; of another kind than <c>model</c>.</param>
    /// <param name="manifest">The files.</param>
    /// <param name="source">What they were made from.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task<bool> TryAnswerAsync(
        EntryKey key,
        Digest manifest,
        DerivedSource source,
        CancellationToken cancellationToken = default
    )
    {
        ThrowIfPull(key);
        ArgumentNullException.ThrowIfNull(source);
        return UseAsync(() => _borrowed.TryAnswerAsync(key, manifest, source, cancellationToken));
    }

    /// <summary>Waits until what was pulled has been published in the shared store, or could not be.</summary>
    /// <remarks>A pull does not wait for it. A process that is about to end does, or its part goes to waste.</remarks>
    public Task FlushAsync(CancellationToken cancellationToken = default) =>
        _publications.FlushAsync(cancellationToken);

    /// <summary>Fetches what a shared entry names, of which blobs that the store has are none, and makes it the answer of the key here.</summary>
    /// <returns>The files under a lease; null when the shared store could not give them: a warning says why.</returns>
    internal Task<FetchedFiles?> FetchAsync(
        SharedCache shared,
        SharedEntry entry,
        Manifest manifest,
        DerivedSource source,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ThrowIfPull(entry.Key);
        return UseAsync(() => _borrowed.FetchAsync(shared, entry, manifest, source, progress, cancellationToken));
    }

    /// <summary>Publishes what the store answers to a key.</summary>
    internal Task<SharedPublication> PublishAsync(
        SharedCache shared,
        EntryKey key,
        CancellationToken cancellationToken
    )
    {
        ThrowIfPull(key);
        return UseAsync(() => _borrowed.PublishAsync(shared, key, cancellationToken));
    }
}
