using Larder.Graphs;
using Larder.Pull;
using Larder.Server.Configuration;
using Larder.Server.Dashboard.Chains;
using Larder.Server.Dashboard.Traffic;
using Larder.Server.Dashboard.Work;
using Larder.Server.Models;
using Larder.Server.Reloading;

namespace Larder.Server.Dashboard.Views;

/// <summary>Looks at everything that pages show, for any number of readers no more often than is worth it.</summary>
internal sealed class SnapshotSource(
    LarderConfiguration configuration,
    ConfigurationReloader reloader,
    ModelStates states,
    ModelCache files,
    GraphCache graphs,
    WarmUp warmUp,
    Jobs jobs,
    RecentFailures failures,
    TrafficHistory history,
    TimeProvider timeProvider
) : IDisposable
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(500);

    // Of thousands of models and entries every one is looked at: that may take no more than a twentieth of one processor.
    private const int RestPerWork = 20;

    // One looks and the others wait: they would all look at the same.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private ServerSnapshot? _snapshot;
    private long _snapshotAt;
    private TimeSpan _snapshotRest;
    private (IReadOnlyList<CachedModel> Entries, IReadOnlyList<PassChain> Chains)? _listed;
    private long _listedAt;
    private TimeSpan _listRest;
    private volatile bool _isStale;

    /// <summary>What there is now, or was a moment ago.</summary>
    /// <exception cref="Store.StoreException">The store cannot be read.</exception>
    public async Task<ServerSnapshot> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_isStale)
                (_isStale, _snapshot, _listed) = (false, null, null);
            if (_snapshot is null || timeProvider.GetElapsedTime(_snapshotAt) >= _snapshotRest)
            {
                var start = timeProvider.GetTimestamp();
                _snapshot = Look();
                _snapshotAt = timeProvider.GetTimestamp();
                _snapshotRest = RestAfter(timeProvider.GetElapsedTime(start, _snapshotAt));
            }
            return _snapshot with { Jobs = jobs.List(), Pulls = files.ListPulls() };
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Something was changed that the next page must show.</summary>
    public void Forget() => _isStale = true;

    public void Dispose() => _turn.Dispose();

    private ServerSnapshot Look()
    {
        var (entries, chains) = List();
        var byKey = entries.ToDictionary(entry => entry.Key);
        var pulls = files.ListPulls();
        var (store, loaded) = (files.GetStatistics(), graphs.GetStatistics());
        // They are counted anyway: the chart then has what came since the last sample.
        history.Add(timeProvider.GetUtcNow(), CacheCounts.Of(store.Cache, loaded.Cache));
        var pulled = pulls.Select(pull => pull.Reference).ToHashSet(StringComparer.Ordinal);
        return new ServerSnapshot
        {
            Taken = timeProvider.GetUtcNow(),
            StorePath = files.StorePath,
            Store = store,
            Entries = entries,
            Chains = chains,
            Models =
            [
                .. states
                    .List()
                    .Select(state => new ModelStatus(
                        state,
                        byKey.GetValueOrDefault(PullRequest.KeyOf(state.Model.From, state.Model.Pull).Digest),
                        pulled.Contains(state.Model.From.Text)
                    )),
            ],
            Graphs = loaded,
            Loaded =
            [
                .. graphs.ListGraphs().Select(LoadedGraph.Of).OrderByDescending(graph => graph.Status.Size.TotalBytes),
            ],
            Pulls = pulls,
            Jobs = jobs.List(),
            Failures = failures.List(),
            Warnings = [.. configuration.Warnings, .. Tell(reloader.Status)],
            IsReady = warmUp.IsDone,
        };
    }

    private static IEnumerable<string> Tell(ConfigurationStatus status)
    {
        if (status.Error is { } error)
            yield return $"The file was changed and is not in force, as it has faults. {error}";
        if (status.NeedRestart.Count > 0)
            yield return $"These settings were changed and need a restart: {string.Join(", ", status.NeedRestart)}.";
    }

    private (IReadOnlyList<CachedModel> Entries, IReadOnlyList<PassChain> Chains) List()
    {
        if (_listed is { } known && timeProvider.GetElapsedTime(_listedAt) < _listRest)
            return known;
        var start = timeProvider.GetTimestamp();
        var entries = files.List();
        IReadOnlyList<CachedModel> sorted =
        [
            .. entries
                .OrderByDescending(entry => entry.SizeBytes)
                .ThenBy(entry => entry.Reference, StringComparer.Ordinal)
                .ThenBy(entry => entry.Key),
        ];
        var listed = (sorted, PassChains.Of(entries));
        _listed = listed;
        _listedAt = timeProvider.GetTimestamp();
        _listRest = RestAfter(timeProvider.GetElapsedTime(start, _listedAt));
        return listed;
    }

    private static TimeSpan RestAfter(TimeSpan work) =>
        work * RestPerWork > ShortestRest ? work * RestPerWork : ShortestRest;
}
