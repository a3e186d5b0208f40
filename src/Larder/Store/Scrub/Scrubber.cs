using Larder.Content;
using Larder.Telemetry;
using Microsoft.Extensions.Logging;

namespace Larder.Store.Scrub;

/// <summary>Reads blob after blob of a store, slowly and again and again, for as long as a server runs.</summary>
/// <remarks>Of all servers on a store one at a time does; the others wait for its lock.</remarks>
internal sealed class Scrubber
{
    /// <summary>How long a server runs before it begins: its start has better things to read.</summary>
    internal static readonly TimeSpan StartDelay = TimeSpan.FromMinutes(1);

    /// <summary>How often one that waits for another tries again.</summary>
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FailureInterval = TimeSpan.FromHours(1);

    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(30);

    private readonly LocalStore _store;
    private readonly ScrubOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly FileCheck _check;
    private readonly Condemnation _condemnation;
    private long _written;

    public Scrubber(LocalStore store, ScrubOptions options, TimeProvider timeProvider, ILogger logger)
    {
        _store = store;
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _check = new FileCheck(store.ReadBytes, new BytePacer(options.BytesPerSecond, timeProvider).PaceAsync);
        _condemnation = new Condemnation(store, timeProvider);
    }

    private string PositionPath => Path.Combine(_store.Layout.Usage, "scrub.json");

    private string LockPath => Path.Combine(_store.Layout.Usage, "scrub.lock");

    /// <summary>Scrubs until it is cancelled. No failure ends it: what cannot be done now is tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(StartDelay, _timeProvider, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var rest = FailureInterval;
            try
            {
                rest = await TryPassAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (StoreFailure.Covers(failure) || failure is LarderException)
            {
                _logger.ScrubFailed(_store.Root, failure.Message);
            }
            await Task.Delay(rest, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Goes on with the pass where it was left, if one is due and no other is at it; returns when to come again.</summary>
    private async Task<TimeSpan> TryPassAsync(CancellationToken cancellationToken)
    {
        using var turn = LockFile.TryAcquire(LockPath, exclusive: true);
        if (turn is null)
            return RetryInterval;
        var position = ScrubPosition.Read(PositionPath);
        if (
            position is { Last: null, Completed: { } completed }
            && UntilDue(completed) is var wait
            && wait > TimeSpan.Zero
        )
            return Shorter(wait);

        _written = _timeProvider.GetTimestamp();
        try
        {
            foreach (var digest in Remaining(position.Last))
            {
                await ScrubAsync(digest, cancellationToken).ConfigureAwait(false);
                position = position with { Last = digest };
                WriteNowAndThen(position);
            }
            position = new ScrubPosition(null, _timeProvider.GetUtcNow());
        }
        finally
        {
            position.Write(PositionPath);
        }
        return Shorter(_options.Pause);
    }

    private TimeSpan UntilDue(DateTimeOffset completed)
    {
        var age = _timeProvider.GetUtcNow() - completed;
        // A pass that ended in the future is a clock that was set back: it proves nothing.
        return age < TimeSpan.Zero ? TimeSpan.Zero : _options.Pause - age;
    }

    // Not the whole pause at once, which may be longer than a timer can be: what is due is looked up again.
    private static TimeSpan Shorter(TimeSpan wait) => wait < TimeSpan.FromHours(1) ? wait : TimeSpan.FromHours(1);

    private IEnumerable<Digest> Remaining(Digest? last) =>
        StoreWalk
            .Blobs(_store.Layout, (path, failure) => _logger.ScrubFailed(path, failure.Message))
            .SkipWhile(digest => last is { } done && digest.CompareTo(done) <= 0);

    private async Task ScrubAsync(Digest digest, CancellationToken cancellationToken)
    {
        var log = new FindingLog();
        await new BlobCheck(_store, _check, _condemnation, log)
            .RunAsync(digest, StoreMeter.BytesVerified, cancellationToken)
            .ConfigureAwait(false);
        await _condemnation.SettleAsync().ConfigureAwait(false);
        foreach (var finding in ConcernIndex.Complete(_store, log.Findings))
        {
            if (finding.IsDamage)
                StoreMeter.ItemsDamaged(1);
            _logger.ScrubFound(
                finding.Message,
                finding.References.Count == 0 ? "none" : string.Join(", ", finding.References)
            );
        }
    }

    private void WriteNowAndThen(ScrubPosition position)
    {
        if (_timeProvider.GetElapsedTime(_written) < WriteInterval)
            return;
        position.Write(PositionPath);
        _written = _timeProvider.GetTimestamp();
    }
}
