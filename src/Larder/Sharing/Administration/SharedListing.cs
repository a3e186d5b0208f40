using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Larder.Content;
using Larder.Store;

namespace Larder.Sharing.Administration;

/// <summary>Reads all that is in a shared store, and tells how far it is.</summary>
internal sealed class SharedListing(ISharedStore store, IProgress<WorkProgress>? progress)
{
    private const int ReadsAtOnce = 16;

    /// <summary>All entries, of one namespace or of all, with what their documents say.</summary>
    public async IAsyncEnumerable<ListedSharedEntry> EntriesAsync(
        string? @namespace,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var chunk = new List<ListedSharedEntry>();
        var read = 0L;
        await foreach (var listed in NamesAsync(@namespace, cancellationToken).ConfigureAwait(false))
        {
            chunk.Add(listed);
            if (chunk.Count < ReadsAtOnce)
                continue;
            foreach (var entry in await ReadAsync(chunk, cancellationToken).ConfigureAwait(false))
                yield return entry;
            progress?.Report(new WorkProgress(WorkStage.ReadingEntries, read += chunk.Count, Total: null));
            chunk.Clear();
        }
        foreach (var entry in await ReadAsync(chunk, cancellationToken).ConfigureAwait(false))
            yield return entry;
    }

    /// <summary>The manifests of some digests; those that are missing or not what their names say are missing in the answer.</summary>
    public async Task<IReadOnlyDictionary<Digest, Manifest>> ManifestsAsync(
        IEnumerable<Digest> digests,
        CancellationToken cancellationToken
    )
    {
        var manifests = new ConcurrentDictionary<Digest, Manifest>();
        var wanted = digests.ToHashSet();
        var read = 0L;
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = ReadsAtOnce,
            CancellationToken = cancellationToken,
        };
        await Parallel
            .ForEachAsync(
                wanted,
                options,
                async (digest, token) =>
                {
                    if (await ReadManifestAsync(digest, token).ConfigureAwait(false) is { } manifest)
                        manifests[digest] = manifest;
                    progress?.Report(
                        new WorkProgress(WorkStage.ReadingManifests, Interlocked.Increment(ref read), wanted.Count)
                    );
                }
            )
            .ConfigureAwait(false);
        return manifests;
    }

    /// <summary>Everything of which the names begin so.</summary>
    public async Task<List<SharedObject>> ObjectsAsync(string prefix, CancellationToken cancellationToken)
    {
        var objects = new List<SharedObject>();
        await foreach (var seen in store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            objects.Add(seen);
        return objects;
    }

    // What is listed under it and is no entry is nobody's business here.
    private async IAsyncEnumerable<ListedSharedEntry> NamesAsync(
        string? @namespace,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var seen in store.ListAsync(SharedNames.Entries, cancellationToken).ConfigureAwait(false))
        {
            if (!SharedNames.TryParseEntry(seen.Name, out var place, out var kind, out var key))
                continue;
            var listed = new ListedSharedEntry(seen, place, kind, key, Entry: null);
            if (@namespace is null || listed.Namespace == @namespace)
                yield return listed;
        }
    }

    private async Task<ListedSharedEntry[]> ReadAsync(
        List<ListedSharedEntry> listed,
        CancellationToken cancellationToken
    )
    {
        var read = await Task.WhenAll(listed.Select(entry => ReadAsync(entry, cancellationToken)))
            .ConfigureAwait(false);
        return [.. read.OfType<ListedSharedEntry>()];
    }

    /// <summary>Null for one that is gone since it was listed.</summary>
    private async Task<ListedSharedEntry?> ReadAsync(ListedSharedEntry listed, CancellationToken cancellationToken)
    {
        var (isThere, document) = await TryReadAsync(listed.Seen.Name, EntryDocuments.MostBytes, cancellationToken)
            .ConfigureAwait(false);
        return document is null
            ? (isThere ? listed : null)
            : listed with
            {
                Seen = document.Seen,
                Entry = EntryReader.TryRead(document.Content),
            };
    }

    private async Task<Manifest?> ReadManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        var name = SharedNames.Manifest(digest);
        var (_, document) = await TryReadAsync(name, SharedContents.MostManifestBytes, cancellationToken)
            .ConfigureAwait(false);
        return document is null ? null : SharedContents.Parse(document.Content, digest);
    }

    /// <summary>Reads a document; one that is there and cannot be read, because it is too large, is there without content.</summary>
    /// <remarks>Twice before it is given up: a removal must not take for broken what was only read wrong.</remarks>
    private async Task<(bool IsThere, SharedDocument? Document)> TryReadAsync(
        string name,
        int mostBytes,
        CancellationToken cancellationToken
    )
    {
        for (var tries = 0; tries < 2; tries++)
        {
            try
            {
                var document = await store.TryReadAsync(name, mostBytes, cancellationToken).ConfigureAwait(false);
                return (document is not null, document);
            }
            catch (SharedStoreException unreadable) when (unreadable.Failure == SharedFailure.Broken) { }
        }
        return (true, null);
    }
}
