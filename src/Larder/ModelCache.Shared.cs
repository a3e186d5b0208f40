using Larder.Content;
using Larder.Derived;
using Larder.Origins;
using Larder.Pull;
using Larder.Sharing;
using Larder.Transfer;

namespace Larder;

// What a workflow needs of a store besides files: which version a name means, and answers that others have computed.
public sealed partial class ModelCache
{
    /// <summary>Tells which version a reference means now, and fetches nothing of it where that can be told without.</summary>
    /// <param name="reference">The model.</param>
    /// <param name="options">Which of its files, and how fresh; the defaults when null.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<ModelIdentity> ResolveAsync(
        ModelReference reference,
        PullOptions? options = null,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException();

    /// <summary>What was made for a key, as its entry says, without a lease and without a look at its files; null when there is none.</summary>
    public CachedModel? FindDerived(EntryKey key) => throw new NotSupportedException();

    /// <summary>Makes files that the store has already the answer of another key; false when it does not have them whole.</summary>
    public Task<bool> TryAnswerAsync(
        EntryKey key,
        Digest manifest,
        DerivedSource source,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException();

    /// <summary>Fetches what a shared entry names, of which blobs that the store has are none, and makes it the answer of the key here.</summary>
    /// <returns>The files under a lease; null when the shared store could not give them: a warning says why.</returns>
    internal Task<FetchedFiles?> FetchAsync(
        SharedCache shared,
        SharedEntry entry,
        Manifest manifest,
        DerivedSource source,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>Publishes what the store answers to a key.</summary>
    internal Task<SharedPublication> PublishAsync(
        SharedCache shared,
        EntryKey key,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();
}
