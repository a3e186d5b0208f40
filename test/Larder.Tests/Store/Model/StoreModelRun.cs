using Larder.Pull;
using Larder.Store;
using Larder.TestKit;
using Larder.Tests.Faults;

namespace Larder.Tests.Store.Model;

/// <summary>Does the steps of one sequence to a store and to the oracle, and compares the two after each.</summary>
internal sealed partial class StoreModelRun : IDisposable
{
    private static readonly CommitStep[] CommitSteps =
    [
        CommitStep.BlobsLinked,
        CommitStep.ManifestLinked,
        CommitStep.SnapshotPlaced,
        CommitStep.EntryPlaced,
    ];

    private readonly TempDirectory _directory = new();
    private readonly ModelShelf _shelf;
    private readonly ShiftedTimeProvider _time = new();
    private readonly StoreLayout _layout;
    private readonly StoreOracle _oracle = new();
    private readonly List<HeldLease> _leases = [];

    // Leases are another's, so that they outlive a restart.
    private readonly ModelCache _holder;
    private ModelCache _cache;

    private StoreModelRun(ModelShelf shelf)
    {
        _shelf = shelf;
        _layout = new StoreLayout(_directory["store"]);
        _cache = Open();
        _holder = Open();
    }

    /// <summary>Fails with the first step after which the store is not what the oracle says.</summary>
    public static async Task RunAsync(ModelShelf shelf, StoreSequence sequence)
    {
        shelf.PublishFirst();
        using var run = new StoreModelRun(shelf);
        for (var i = 0; i < sequence.Steps.Count; i++)
        {
            try
            {
                await run.DoAsync(sequence.Steps[i]);
                run.Compare();
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Step {i}, {sequence.Steps[i]}: {failure.Message}", failure);
            }
        }
        await run.EndAsync();
    }

    public void Dispose()
    {
        _leases.ForEach(lease => lease.Snapshot.Dispose());
        _holder.Dispose();
        _cache.Dispose();
        _directory.Dispose();
    }

    private ModelCache Open() =>
        new(
            new ModelCacheOptions { StorePath = _layout.Root, Materialize = MaterializeMode.Hardlink },
            timeProvider: _time
        );

    private Task DoAsync(StoreStep step) =>
        step.Act switch
        {
            StoreAct.Publish => Done(() => _shelf.Publish(step.Model, step.Number % ModelShelf.Versions)),
            StoreAct.Pull => PullAsync(_cache, step.Model, refresh: false),
            StoreAct.Refresh => PullAsync(_cache, step.Model, refresh: true),
            StoreAct.PullVersion => PullVersionAsync(step.Model, step.Number % ModelShelf.Versions),
            StoreAct.Lease => LeaseAsync(step.Model),
            StoreAct.Release => Done(() => Release(step.Number)),
            StoreAct.EvictToBytes => WithoutLeftoversAsync(() => EvictToBytesAsync(step.Number * 1500)),
            StoreAct.EvictOlder => WithoutLeftoversAsync(() =>
                EvictOlderAsync(TimeSpan.FromMinutes(10 + (40 * (step.Number % 4))))
            ),
            StoreAct.Clear => WithoutLeftoversAsync(() => ClearAsync(step.Model)),
            StoreAct.ClearAll => WithoutLeftoversAsync(() => ClearAllAsync()),
            StoreAct.Pin => PinAsync(step.Model),
            StoreAct.Unpin => Done(() => Unpin(step.Model)),
            StoreAct.FlipAndRepair => FlipAndRepairAsync(step.Model, step.Number),
            StoreAct.FailedCommit => FailCommitAsync(step.Model, CommitSteps[step.Number % CommitSteps.Length]),
            StoreAct.KilledCommit => KillCommitAsync(step.Model, CommitSteps[step.Number % CommitSteps.Length]),
            StoreAct.KilledClear => KillClearAsync(step.Model),
            StoreAct.Restart => RestartAsync(),
            _ => Done(() => _time.Shift += TimeSpan.FromMinutes(20 * (1 + (step.Number % 3)))),
        };

    // What killed pulls left would be freed first, and the oracle knows of models only.
    private async Task WithoutLeftoversAsync(Func<Task> act)
    {
        await _cache.SweepAsync(TestContext.Current.CancellationToken);
        foreach (var left in Directory.EnumerateDirectories(_layout.Partial).ToList())
            Directory.Delete(left, recursive: true);
        await act();
    }

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private async Task PullAsync(ModelCache cache, int model, bool refresh)
    {
        using var snapshot = await PullToHoldAsync(cache, model, refresh);
    }

    private async Task<Snapshot> PullToHoldAsync(ModelCache cache, int model, bool refresh)
    {
        var expected =
            !refresh && _oracle.Entries.TryGetValue(model, out var stored) ? stored : _shelf.Published(model);
        var snapshot = await cache.PullAsync(
            _shelf.Reference(model),
            new PullOptions { Refresh = refresh, FreshFor = TimeSpan.MaxValue }
        );
        Assert.Equal(expected, snapshot.Digest);
        AssertRight(snapshot);
        _oracle.Pulled(model, snapshot.Digest, _time.GetUtcNow());
        return snapshot;
    }

    private async Task PullVersionAsync(int model, int version)
    {
        var digest = ModelShelf.DigestOf(model, version);
        try
        {
            using var snapshot = await _cache.PullAsync(
                _shelf.Reference(model),
                new PullOptions { Digest = digest, Offline = true }
            );
            Assert.Contains(digest, _oracle.MayBeThere);
            AssertRight(snapshot);
            _oracle.LastUses[model] = _time.GetUtcNow();
        }
        catch (NotCachedException)
        {
            Assert.DoesNotContain(digest, _oracle.MustBeThere);
        }
    }

    private async Task LeaseAsync(int model)
    {
        if (_leases.Count == 3)
            Release(0);
        var snapshot = await PullToHoldAsync(_holder, model, refresh: false);
        _leases.Add(new HeldLease(snapshot));
        _oracle.Leases.Add(snapshot.Digest);
    }

    private void Release(int number)
    {
        if (_leases.Count == 0)
            return;
        var lease = _leases[number % _leases.Count];
        lease.Snapshot.Dispose();
        _leases.Remove(lease);
        _oracle.Leases.Remove(lease.Snapshot.Digest);
    }

    private async Task PinAsync(int model)
    {
        try
        {
            await _cache.PinAsync(_shelf.Reference(model));
            _oracle.Pins[model] = _oracle.Entries[model];
        }
        catch (NotCachedException)
        {
            Assert.DoesNotContain(model, _oracle.Entries.Keys);
        }
    }

    private void Unpin(int model) => Assert.Equal(_oracle.Pins.Remove(model), _cache.Unpin(_shelf.Reference(model)));

    private async Task ClearAsync(int model)
    {
        var expected = _oracle.ClearedOf([model]);
        var result = await _cache.ClearAsync(_shelf.Reference(model));
        Assert.Equal(expected.Count, result.RemovedEntries);
        _oracle.Removed(expected);
    }

    private async Task ClearAllAsync()
    {
        var expected = _oracle.ClearedOf(_oracle.Entries.Keys);
        var result = await _cache.ClearAsync(null);
        Assert.Equal(expected.Count, result.RemovedEntries);
        Assert.Equal(_oracle.Entries.Count - expected.Count, result.KeptInUse.Count);
        _oracle.Removed(expected);
    }

    private async Task EvictToBytesAsync(long bytes)
    {
        await EvictAsync(new EvictOptions { ToBytes = bytes });
        if (_cache.GetStatistics().Cache.Bytes <= bytes)
            return;
        Assert.All(_oracle.Entries.Values, version => Assert.True(_oracle.IsHeld(version), "it evicted too little"));
        _oracle.OnlyMustBeThere();
    }

    private async Task EvictOlderAsync(TimeSpan age)
    {
        var expected = _oracle.UnusedSince(_time.GetUtcNow() - age);
        var gone = await EvictAsync(new EvictOptions { OlderThan = age });
        Assert.Equal(expected.Order(), gone.Order());
        // Versions that no entry names are of the real clock's time, a day ago.
        _oracle.OnlyMustBeThere();
    }

    private async Task<IReadOnlyList<int>> EvictAsync(EvictOptions options)
    {
        var preview = await _cache.EvictAsync(options with { DryRun = true });
        Compare();
        var result = await _cache.EvictAsync(options);
        Assert.Equal(preview.Removed, result.Removed);
        Assert.Equal(preview.Kept, result.Kept);
        Assert.Equal((preview.FreedBytes, preview.HeldBytes), (result.FreedBytes, result.HeldBytes));
        Assert.Equal(_cache.GetStatistics().Cache.Bytes, result.HeldBytes);
        var gone = Enumerable
            .Range(0, ModelShelf.Models)
            .Where(model => result.Removed.Contains(_shelf.Reference(model).Text))
            .ToList();
        Assert.All(gone, model => Assert.False(_oracle.IsHeld(_oracle.Entries[model]), "what is held was evicted"));
        _oracle.Removed(gone);
        return gone;
    }

    private async Task RestartAsync()
    {
        _cache.Dispose();
        _cache = Open();
        await _cache.SweepAsync();
    }

    private static void AssertRight(Snapshot snapshot) =>
        Assert.Empty(TwoModels.Wrong(snapshot.Path, ModelShelf.FilesOf(snapshot.Digest)));

    private sealed class HeldLease(Snapshot snapshot)
    {
        public Snapshot Snapshot { get; } = snapshot;

        /// <summary>A fault took its files away while it was held: wrong bytes are worse than none.</summary>
        public bool IsSpoiled { get; set; }
    }
}
