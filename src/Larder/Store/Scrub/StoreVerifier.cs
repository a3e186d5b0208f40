using Larder.Content;
using Larder.Telemetry;
using Larder.Transfer;

namespace Larder.Store.Scrub;

/// <summary>Reads a store again and finds what is no longer what it was; takes it away, so that it is fetched anew.</summary>
internal sealed class StoreVerifier
{
    private readonly LocalStore _store;
    private readonly TimeProvider _timeProvider;
    private readonly FindingLog _log = new();
    private readonly EntryCheck _entries;
    private readonly ManifestCheck _manifests;
    private readonly SnapshotCheck _snapshots;
    private readonly BlobCheck _blobs;
    private readonly Condemnation _condemnation;

    public StoreVerifier(LocalStore store, TimeProvider timeProvider)
    {
        _store = store;
        _timeProvider = timeProvider;
        _condemnation = new Condemnation(store, timeProvider);
        var check = new FileCheck(
            store.ReadBytes,
            (count, _) =>
            {
                _log.AddBytes(count);
                return ValueTask.CompletedTask;
            }
        );
        _entries = new EntryCheck(store, _condemnation, _log);
        _manifests = new ManifestCheck(store, check, _condemnation, _log);
        _snapshots = new SnapshotCheck(store, check, _condemnation, _log);
        _blobs = new BlobCheck(store, check, _condemnation, _log);
    }

    /// <summary>Verifies everything, also what no entry reaches; or what some entries reach.</summary>
    /// <param name="only">Those entries, and the reference that asks for them; null for everything.</param>
    /// <param name="progress">Told of the reading.</param>
    /// <param name="cancellationToken">Stops it between two reads.</param>
    public async Task<FindingLog> RunAsync(
        (IReadOnlyList<EntryKey> Keys, string Reference)? only,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        using var activity = LarderActivities.Start(LarderActivities.Verify);
        try
        {
            await VerifyAsync(only, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // What somebody took away by hand nobody has counted.
            if (_log.Findings.Any(finding => finding.Fault == FindingFault.Missing))
                _condemnation.Announce();
            await _condemnation.SettleAsync().ConfigureAwait(false);
            activity
                ?.SetTag("larder.verify.bytes", _log.BytesRead)
                .SetTag("larder.verify.findings", _log.Findings.Count);
        }
        return _log;
    }

    private async Task VerifyAsync(
        (IReadOnlyList<EntryKey> Keys, string Reference)? only,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var entries = ReadEntries(only);
        var named = only is null ? AllManifests() : entries.Select(listed => listed.Entry.Manifest);
        var manifests = new List<Manifest>();
        foreach (var digest in named.ToList())
        {
            if (await _manifests.RunAsync(digest, cancellationToken).ConfigureAwait(false) is { } manifest)
                manifests.Add(manifest);
        }
        var blobs = only is null
            ? AllBlobs()
            : manifests.SelectMany(manifest => manifest.Files).Select(file => file.Digest);
        var items = blobs.Distinct().Select(ItemOf).OfType<ReadItem>().Concat(manifests.SelectMany(CopiesOf)).ToList();
        if (only is null)
            _snapshots.LookForOrphans();

        await ReadAsync(items, progress, cancellationToken).ConfigureAwait(false);
        foreach (var listed in entries)
            new PresenceCheck(_store, _log).Run(listed.Path);
    }

    private List<ListedEntry> ReadEntries((IReadOnlyList<EntryKey> Keys, string Reference)? only)
    {
        if (only is var (keys, reference))
            return
            [
                .. keys.Select(key =>
                        _entries.Run(_store.Layout.Entry(key), new Concern(reference, key.Digest, Manifest: null))
                    )
                    .OfType<ListedEntry>(),
            ];
        return
        [
            .. StoreWalk
                .Names(_store.Layout.Entries, OnUnreadable(FindingSubject.Entry))
                .SelectMany(kind => StoreWalk.Fanned(kind, OnUnreadable(FindingSubject.Entry)))
                .Select(path => _entries.Run(path, concern: null))
                .OfType<ListedEntry>(),
        ];
    }

    private IEnumerable<Digest> AllManifests() =>
        StoreWalk
            .Fanned(_store.Layout.Manifests, OnUnreadable(FindingSubject.Manifest))
            .Select(StoreWalk.NameOf)
            .OfType<Digest>();

    private IEnumerable<Digest> AllBlobs() => StoreWalk.Blobs(_store.Layout, OnUnreadable(FindingSubject.Blob));

    private Action<string, Exception> OnUnreadable(FindingSubject subject) =>
        (path, failure) => _log.AddUnreadable(subject, path, failure);

    // Of what cannot be looked at the size does not matter: reading it tells why.
    private ReadItem? ItemOf(Digest digest)
    {
        try
        {
            return Posix.TryStatus(_store.Layout.Blob(digest), followLinks: false, out var status)
                ? new ReadItem(digest, status.SizeBytes, Copy: null)
                : null;
        }
        catch (IOException)
        {
            return new ReadItem(digest, 0, Copy: null);
        }
    }

    private IEnumerable<ReadItem> CopiesOf(Manifest manifest) =>
        _snapshots.Look(manifest).Select(pair => new ReadItem(pair.File.Digest, pair.File.SizeBytes, pair.Copy));

    private async Task ReadAsync(
        List<ReadItem> items,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        // The largest first: else the last of them would be read alone while the other processors wait.
        items.Sort((left, right) => right.SizeBytes.CompareTo(left.SizeBytes));
        using var meter = new ProgressMeter(items.Count, items.Sum(item => item.SizeBytes), progress, _timeProvider);
        await Parallel
            .ForEachAsync(
                items,
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = Environment.ProcessorCount,
                    CancellationToken = cancellationToken,
                },
                async (item, token) =>
                {
                    var file = meter.Begin(item.Digest.ToString(), item.SizeBytes);
                    if (item.Copy is { } copy)
                        await _snapshots.ReadAsync(copy, item.Digest, file.Arrived, token).ConfigureAwait(false);
                    else
                        await _blobs.RunAsync(item.Digest, file.Arrived, token).ConfigureAwait(false);
                    meter.Done(file);
                }
            )
            .ConfigureAwait(false);
    }
}
