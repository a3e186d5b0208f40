using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Larder.Content;

namespace Larder.Sharing.Administration;

/// <summary>Looks after a team's store: lists it, counts it, verifies it, prunes it.</summary>
/// <remarks>
/// Unlike <see cref="SharedCache"/> it fails when the store does (<see cref="SharedStoreException"/>): somebody wants to know.
/// Only <see cref="PruneAsync"/> removes anything.
/// </remarks>
/// <param name="store">The store; the caller disposes it afterwards.</param>
/// <param name="timeProvider">The clock, which should not be far from the store's; the system's when null.</param>
public sealed class SharedStoreAdmin(ISharedStore store, TimeProvider? timeProvider = null)
{
    private const int BufferSizeBytes = 1 << 20;

    private readonly ISharedStore _store = store ?? throw new ArgumentNullException(nameof(store));
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;

    /// <summary>Is told how far a work is, often and from several threads at once; null: nobody wants to know.</summary>
    public IProgress<WorkProgress>? Progress { get; init; }

    private SharedListing Listing => new(_store, Progress);

    /// <summary>Lists the entries, in no order.</summary>
    /// <param name="namespace">Those of this namespace, signed ones too; null for those of all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SharedStoreException">The store does not answer.</exception>
    public async IAsyncEnumerable<SharedEntrySummary> ListAsync(
        string? @namespace = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var now = _time.GetUtcNow();
        await foreach (var entry in Listing.EntriesAsync(@namespace, cancellationToken).ConfigureAwait(false))
            yield return entry.Summarize(now);
    }

    /// <summary>Counts what is there, all of it, and what nothing reaches.</summary>
    /// <exception cref="SharedStoreException">The store does not answer.</exception>
    public async Task<SharedStoreStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default)
    {
        // Before the entries: what is published meanwhile is reachable then, and not counted as an orphan.
        var blobs = await Listing.ObjectsAsync(SharedNames.Blobs, cancellationToken).ConfigureAwait(false);
        var manifests = await Listing.ObjectsAsync(SharedNames.Manifests, cancellationToken).ConfigureAwait(false);
        var entries = await EntriesAsync(@namespace: null, cancellationToken).ConfigureAwait(false);
        var reached = await SharedReach.OfAsync(Listing, entries, cancellationToken).ConfigureAwait(false);
        var orphans = blobs.Where(blob => !reached.HasBlob(blob)).ToList();
        return new SharedStoreStatistics
        {
            Groups =
            [
                .. entries
                    .GroupBy(entry => (entry.Namespace, entry.Kind))
                    .Select(group => new SharedEntryGroup(
                        group.Key.Namespace,
                        group.Key.Kind,
                        group.Count(),
                        group.Sum(entry => entry.Entry?.SizeBytes ?? 0)
                    ))
                    .OrderBy(group => group.Namespace, StringComparer.Ordinal)
                    .ThenBy(group => group.Kind, StringComparer.Ordinal),
            ],
            Manifests = manifests.Count,
            Blobs = blobs.Count,
            SizeBytes = blobs.Sum(blob => blob.SizeBytes),
            OrphanBlobs = orphans.Count,
            OrphanBytes = orphans.Sum(blob => blob.SizeBytes),
        };
    }

    /// <summary>Looks whether every entry answers the request of its name and has its files, and changes nothing.</summary>
    /// <remarks>Signatures are not looked at: whom to believe is a matter of who reads.</remarks>
    /// <param name="deep">Whether each blob is read and hashed as well, which is a download of everything.</param>
    /// <param name="namespace">Entries of this namespace; null for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SharedStoreException">The store does not answer.</exception>
    public async Task<SharedVerification> VerifyAsync(
        bool deep = false,
        string? @namespace = null,
        CancellationToken cancellationToken = default
    )
    {
        var entries = await EntriesAsync(@namespace, cancellationToken).ConfigureAwait(false);
        var reached = await SharedReach.OfAsync(Listing, entries, cancellationToken).ConfigureAwait(false);
        // After the entries: what they name was there before them.
        var blobs = new Dictionary<Digest, SharedObject>();
        foreach (var blob in await Listing.ObjectsAsync(SharedNames.Blobs, cancellationToken).ConfigureAwait(false))
        {
            if (SharedNames.TryParseBlob(blob.Name, out var digest))
                blobs[digest] = blob;
        }
        var findings = new List<SharedFinding>();
        var hashed = new Dictionary<Digest, bool>();
        var files = reached
            .Manifests.Values.SelectMany(manifest => manifest.Files)
            .DistinctBy(file => file.Digest)
            .Count();
        long bytesRead = 0;
        foreach (var entry in entries)
        {
            var fault = FaultOf(entry, reached, blobs);
            if (deep && fault is null)
            {
                foreach (var file in reached.Manifests[entry.Entry!.Manifest].Files)
                {
                    if (!hashed.TryGetValue(file.Digest, out var isRight))
                    {
                        isRight = await IsRightAsync(blobs[file.Digest], file.Digest, cancellationToken)
                            .ConfigureAwait(false);
                        hashed[file.Digest] = isRight;
                        bytesRead += file.SizeBytes;
                        Progress?.Report(new WorkProgress(WorkStage.ReadingFiles, hashed.Count, files));
                    }
                    if (!isRight)
                        fault ??= $"its blob '{SharedNames.Blob(file.Digest)}' has other bytes than its name says";
                }
            }
            if (fault is not null)
                findings.Add(new SharedFinding(entry.Seen.Name, entry.Key, fault));
        }
        return new SharedVerification(entries.Count, bytesRead, findings);
    }

    /// <summary>Removes entries by age or size, and what no entry reaches any more.</summary>
    /// <remarks>
    /// Entries go first, each only if nobody has written it again; then the entries that there are are read once more, so that
    /// what was published meanwhile keeps its files; then go blobs and manifests that none of them reaches and that are older
    /// than the grace period. A publication that runs meanwhile looks at its blobs at its end and sends again what was taken.
    /// </remarks>
    /// <param name="options">What is to go; without an age and a size, only what nothing reaches.</param>
    /// <param name="cancellationToken">Ends it; what has been removed so far stays removed.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    /// <exception cref="SharedStoreException">The store does not do it.</exception>
    public Task<SharedPruneResult> PruneAsync(SharedPruneOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new SharedPruner(_store, Listing, options, _time.GetUtcNow(), Progress).RunAsync(cancellationToken);
    }

    private async Task<List<ListedSharedEntry>> EntriesAsync(string? @namespace, CancellationToken cancellationToken)
    {
        var entries = new List<ListedSharedEntry>();
        await foreach (var entry in Listing.EntriesAsync(@namespace, cancellationToken).ConfigureAwait(false))
            entries.Add(entry);
        return entries;
    }

    private static string? FaultOf(
        ListedSharedEntry listed,
        SharedReach reached,
        Dictionary<Digest, SharedObject> blobs
    )
    {
        if (listed.Entry is not { } entry)
            return "its document is not that of an entry";
        if (Digest.Of(entry.Request.Span) != listed.Key)
            return "it answers another request than the one that its name stands for";
        if (!reached.Manifests.TryGetValue(entry.Manifest, out var manifest))
            return $"its manifest '{SharedNames.Manifest(entry.Manifest)}' is missing, or not what its name says";
        foreach (var file in manifest.Files)
        {
            if (!blobs.TryGetValue(file.Digest, out var blob))
                return $"its blob '{SharedNames.Blob(file.Digest)}' is missing";
            if (blob.SizeBytes != file.SizeBytes)
                return FormattableString.Invariant(
                    $"its blob '{blob.Name}' has {blob.SizeBytes} bytes where {file.SizeBytes} belong"
                );
        }
        return null;
    }

    private async Task<bool> IsRightAsync(SharedObject blob, Digest digest, CancellationToken cancellationToken)
    {
        var body = await _store.OpenAsync(blob, range: null, cancellationToken).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSizeBytes);
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            hash.AppendData(buffer, 0, read);
        return Digest.FromBytes(hash.GetHashAndReset()) == digest;
    }
}
