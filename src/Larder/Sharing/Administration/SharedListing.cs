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
        var (isThere, seen, entry) = await TryReadAsync(
                listed.Seen.Name,
                EntryDocuments.MostBytes,
                content => EntryReader.TryRead(content),
                cancellationToken
            )
            .ConfigureAwait(false);
        return isThere ? listed with { Seen = seen ?? listed.Seen, Entry = entry } : null;
    }

    private async Task<Manifest?> ReadManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        var (_, _, manifest) = await TryReadAsync(
                SharedNames.Manifest(digest),
                SharedContents.MostManifestBytes,
                content => SharedContents.Parse(content, digest),
                cancellationToken
            )
            .ConfigureAwait(false);
        return manifest;
    }

    /// <summary>Reads a document; one that is there and is too large, or says nothing, is there without a value.</summary>
    /// <remarks>Twice before it is given up: a removal must not take for broken what was only read wrong.</remarks>
    private async Task<(bool IsThere, SharedObject? Seen, T? Value)> TryReadAsync<T>(
        string name,
        int mostBytes,
        Func<ReadOnlyMemory<byte>, T?> parse,
        CancellationToken cancellationToken
    )
        where T : class
    {
        SharedObject? seen = null;
        for (var tries = 0; tries < 2; tries++)
        {
            try
            {
                var document = await store.TryReadAsync(name, mostBytes, cancellationToken).ConfigureAwait(false);
                if (document is null)
                    return (false, null, null);
                seen = document.Seen;
                if (parse(document.Content) is { } value)
                    return (true, seen, value);
            }
            catch (SharedStoreException unreadable) when (unreadable.Failure == SharedFailure.Broken) { }
        }
        return (true, seen, null);
    }
}
