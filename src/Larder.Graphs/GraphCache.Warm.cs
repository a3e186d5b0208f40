using Larder.Content;
using Larder.Graphs.Budgets;

namespace Larder.Graphs;

/// <content>Loads before anybody asks.</content>
public sealed partial class GraphCache
{
    /// <summary>Loads graphs into free room, one after the other; nothing makes place for them.</summary>
    /// <remarks>
    /// Those of which the cache knows most use come first, from this run or, with <see cref="GraphCacheOptions.HistoryFile"/>, the last
    /// one: by uses that count still × seconds to load ÷ bytes. The others follow in their order. A load that fails does not keep the
    /// others from theirs. None of this is a use, a hit or a miss. A graph that was to go as soon as nobody uses it stays.
    /// </remarks>
    /// <param name="requests">Which graphs; two of one key are one.</param>
    /// <param name="cancellationToken">Ends the call; what has been loaded stays.</param>
    /// <returns>What became of each, in the order in which they were tried.</returns>
    /// <exception cref="ObjectDisposedException">The cache has been disposed.</exception>
    public async Task<IReadOnlyList<GraphWarmth>> WarmAsync(
        IEnumerable<GraphRequest> requests,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(requests);
        List<GraphWarmth> outcomes = [];
        foreach (var request in ByWorth(requests.DistinctBy(request => request.Key)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            outcomes.Add(await WarmOneAsync(request, cancellationToken).ConfigureAwait(false));
        }
        return outcomes;
    }

    private async Task<GraphWarmth> WarmOneAsync(GraphRequest request, CancellationToken cancellationToken)
    {
        var rent = new Rent([request]);
        try
        {
            if (TryBoardFreeRoom(rent) is { } outcome)
                return new GraphWarmth(request.Key, outcome);
            try
            {
                await WaitForLoadsAsync(rent, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Leave(rent);
            }
            return new GraphWarmth(request.Key, WarmOutcome.Loaded);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && !_isDisposed)
        {
            return new GraphWarmth(request.Key, WarmOutcome.Failed, failure);
        }
    }

    /// <summary>Begins a load if there is room for it that nobody else wants; else says why not.</summary>
    private WarmOutcome? TryBoardFreeRoom(Rent rent)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var missing = FindMissing(rent);
            if (missing.Count is 0)
            {
                EndRetirements(rent);
                return WarmOutcome.AlreadyThere;
            }
            foreach (var graph in missing)
                ThrowIfFailedBefore(graph);
            if (_queue.Count > 0 || !_ledger.Fits(NeedOf(missing), new Demand()))
                return WarmOutcome.NoRoom;
            Board(rent, missing);
            return null;
        }
    }

    /// <summary>Lets graphs stay that were to go when their last lease is returned: somebody wants them to be there; under the lock.</summary>
    private void EndRetirements(Rent rent)
    {
        foreach (var request in rent.Requests)
        {
            if (_table.GetValueOrDefault(request.Key) is not { Retirement: { } retirement } slot)
                continue;
            slot.Retirement = null;
            retirement.SetResult();
        }
    }

    private GraphRequest[] ByWorth(IEnumerable<GraphRequest> requests)
    {
        var now = _clock.Now;
        // The caller's own list, so not under the lock.
        var all = requests.ToArray();
        lock (_lock)
            return [.. all.OrderByDescending(request => WorthOf(request.Key, now))];
    }

    // The worth of the policy "cost", whichever is set: what is to be saved is time.
    private double WorthOf(EntryKey key, DateTimeOffset now)
    {
        if (_history.Find(key) is not { } known)
            return 0;
        var uses = known.Uses;
        var bytes = known.Size?.TotalBytes ?? 0;
        return uses.AgeTo(now) * known.LoadTime.TotalSeconds / Math.Max(1, bytes);
    }
}
