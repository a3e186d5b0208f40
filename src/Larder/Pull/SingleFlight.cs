namespace Larder.Pull;

/// <summary>Lets callers that want the same thing at the same time share one piece of work.</summary>
/// <remarks>
/// The work is cancelled only when its last waiter leaves, and its flight is out of the table before that, so that nobody
/// boards a flight that is being cancelled. A failure goes to all who waited and is not kept.
/// </remarks>
/// <param name="patience">How long the last waiter who leaves waits for the end of the work that he cancelled; not at all by default.</param>
internal sealed class SingleFlight<TKey, TResult>(TimeSpan patience = default)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Flight> _flights = [];

    public async Task<TResult> RunAsync(
        TKey key,
        Func<CancellationToken, Task<TResult>> work,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        Flight flight;
        var isNew = false;
        lock (_lock)
        {
            if (!_flights.TryGetValue(key, out flight!))
            {
                _flights.Add(key, flight = new Flight());
                isNew = true;
            }
            flight.Waiters++;
        }
        if (isNew)
            _ = FlyAsync(key, flight, work);

        try
        {
            return await flight.Arrival.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (Leave(key, flight) && patience > TimeSpan.Zero)
                await ((Task)flight.Arrival.Task)
                    .WaitAsync(patience, CancellationToken.None)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FlyAsync(TKey key, Flight flight, Func<CancellationToken, Task<TResult>> work)
    {
        try
        {
            // Off the first caller's path: it must be able to leave while the work goes on for others.
            var result = await Task.Run(() => work(flight.Cancellation.Token)).ConfigureAwait(false);
            Remove(key, flight);
            flight.Arrival.SetResult(result);
        }
        catch (Exception failure)
        {
            Remove(key, flight);
            flight.Arrival.SetException(failure);
            // Observed here, in case every waiter has left.
            _ = flight.Arrival.Task.Exception;
        }
    }

    /// <summary>Whether the work was cancelled, because nobody waits for it any more.</summary>
    private bool Leave(TKey key, Flight flight)
    {
        lock (_lock)
        {
            if (--flight.Waiters > 0 || flight.Arrival.Task.IsCompleted)
                return false;
            RemoveLocked(key, flight);
        }
        // Not on this caller's path: what the work does when it hears of it is none of his who leaves.
        _ = flight.Cancellation.CancelAsync();
        return true;
    }

    private void Remove(TKey key, Flight flight)
    {
        lock (_lock)
            RemoveLocked(key, flight);
    }

    private void RemoveLocked(TKey key, Flight flight)
    {
        if (_flights.TryGetValue(key, out var current) && ReferenceEquals(current, flight))
            _flights.Remove(key);
    }

    private sealed class Flight
    {
        public TaskCompletionSource<TResult> Arrival { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Not disposed: it has no timer, and the last waiter may cancel it at any moment.
        public CancellationTokenSource Cancellation { get; } = new();

        /// <summary>Under the lock of the table.</summary>
        public int Waiters { get; set; }
    }
}
