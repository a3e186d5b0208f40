using Larder.Content;
using Larder.Telemetry;
using Microsoft.Extensions.Logging;

namespace Larder.Sharing;

/// <summary>Looks for answers; whatever is wrong with one makes it a miss.</summary>
internal sealed class SharedReader(
    PatientStore store,
    EntryDocuments documents,
    SharedContents contents,
    KnownBroken broken,
    ILogger logger
)
{
    /// <summary>Asks for all keys, of all who may have signed the answer, at once.</summary>
    public async Task<IReadOnlyList<SharedEntry?>> FindAsync(
        IReadOnlyList<EntryKey> keys,
        CancellationToken cancellationToken
    )
    {
        var found = await Task.WhenAll(keys.Select(key => FindAsync(key, cancellationToken))).ConfigureAwait(false);
        var hits = found.Count(entry => entry is not null);
        SharedMeter.LookedUp(hits, found.Length - hits);
        return found;
    }

    /// <summary>Reads what an entry names; null when something is wrong with it, or the store did not tell.</summary>
    public async Task<Manifest?> ReadManifestAsync(SharedEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            var look = await contents
                .LookAsync(SharedDirection.Read, entry.Manifest, cancellationToken)
                .ConfigureAwait(false);
            var fault = look.Fault;
            if (fault is null && look.Manifest!.SizeBytes != entry.SizeBytes)
                fault = FormattableString.Invariant(
                    $"it says that there are {entry.SizeBytes} bytes, and its manifest has {look.Manifest.SizeBytes}"
                );
            if (fault is null)
            {
                entry.Blobs = look.Blobs;
                return look.Manifest;
            }
            broken.Add(entry.Document);
            logger.EntryIgnored(entry.Document.Name, fault);
        }
        catch (SharedStoreException)
        {
            // Has been warned of. It says nothing of the entry.
        }
        return null;
    }

    private async Task<SharedEntry?> FindAsync(EntryKey key, CancellationToken cancellationToken)
    {
        if (!SharedRules.CanBeShared(key))
            return null;
        var looks = documents.Places.Select(place => FindAsync(key, place, cancellationToken));
        var found = await Task.WhenAll(looks).ConfigureAwait(false);
        var now = store.Patience.Time.GetUtcNow();
        SharedEntry? best = null;
        foreach (var entry in found)
        {
            // In the order of their signers, unless another knows a later state of a model that can move.
            if (entry is not null && (best is null || SharedRules.GivesWay(key, best.Entry, entry.Entry, now)))
                best = entry;
        }
        best?.Known = [.. found.OfType<SharedEntry>().Select(entry => entry.Document)];
        return best;
    }

    private async Task<SharedEntry?> FindAsync(EntryKey key, string place, CancellationToken cancellationToken)
    {
        var name = SharedNames.Entry(place, key.Kind, key.Digest);
        try
        {
            var document = await store
                .AskAsync(
                    SharedDirection.Read,
                    (shared, token) => shared.TryReadAsync(name, EntryDocuments.MostBytes, token),
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (document is null)
                return null;
            if (documents.TryRead(place, key, document.Content, out var fault) is { } entry)
                return new SharedEntry(key, entry, document.Seen);
            broken.Add(document.Seen);
            logger.EntryIgnored(name, fault);
        }
        catch (SharedStoreException failure)
        {
            // Of this object it is said here; of the store it has been.
            if (failure.Failure == SharedFailure.Broken)
                logger.EntryIgnored(name, failure.Message);
        }
        return null;
    }
}
