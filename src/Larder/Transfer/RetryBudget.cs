using Larder.Origins;
using Larder.Telemetry;

namespace Larder.Transfer;

/// <summary>How often a transfer asks again for what failed, and when.</summary>
/// <remarks>
/// A few times for the whole transfer, and once more for every 16 MiB that arrive: an origin that gives nothing is left alone
/// soon, one that breaks off now and then is not given up. Waits double from 250 ms to 30 s, each half as long to half again,
/// so that many who failed together do not come back together; what the origin asks for (<c>Retry-After</c>) is waited at least.
/// </remarks>
internal sealed class RetryBudget(int most, TimeProvider timeProvider)
{
    private const long BytesForOneMore = 16 << 20;

    /// <summary>An origin that wants to be left alone for longer has its caller told instead.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly int _most = most;
    private int _left = most;
    private long _bytes;
    private bool _hasArrived;
    private long _arrived;

    /// <summary>Bytes that arrived in all.</summary>
    public long BytesArrived => Interlocked.Read(ref _arrived);

    /// <summary>Notes bytes that arrived.</summary>
    public void Progress(long bytes)
    {
        Interlocked.Add(ref _arrived, bytes);
        TransferMeter.Arrived(bytes);
        lock (_lock)
        {
            _hasArrived = true;
            _bytes += bytes;
            for (; _bytes >= BytesForOneMore; _bytes -= BytesForOneMore)
                _left = Math.Min(_most, _left + 1);
        }
    }

    /// <summary>Waits until the next try; false when there is none.</summary>
    /// <param name="failure">Why the last try failed.</param>
    /// <param name="failures">How many have failed one after another without a byte between them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> TryWaitAsync(OriginException failure, int failures, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_left == 0 || !IsWorthAnother(failure))
                return false;
            _left--;
            _hasArrived &= failure.Failure != OriginFailure.Denied;
        }
        TransferMeter.Retry(failure.Failure);
        var doubled = TimeSpan.FromMilliseconds(Math.Min(30_000, 250 * Math.Pow(2, Math.Min(failures - 1, 10))));
        var wait = doubled * (0.5 + Random.Shared.NextDouble());
        if (failure.RetryAfter is { } asked && asked > wait)
            wait = asked;
        await Task.Delay(wait, timeProvider, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // An address that was signed for a while, and good, is signed anew when it is asked for from the start: once.
    private bool IsWorthAnother(OriginException failure) =>
        failure.Failure switch
        {
            OriginFailure.Unavailable => failure.RetryAfter is not { } asked || asked <= LongestWait,
            OriginFailure.Denied => _hasArrived,
            _ => false,
        };
}
