using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Larder.Telemetry;
using Microsoft.Extensions.Logging;

namespace Larder.Sharing;

/// <summary>A shared store that is asked with patience: within a budget, more than once, and not at all while it refuses.</summary>
/// <remarks>
/// All failures are <see cref="SharedStoreException"/>, whatever the store throws, and have been warned of when they get out of
/// here: once a minute at most, so that a store that is down does not fill a log.
/// </remarks>
internal sealed class PatientStore : IAsyncDisposable
{
    private const int MostTries = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly ISharedStore _store;
    private readonly Patience _patience;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    [SuppressMessage("Usage", "CA2213", Justification = "Who is under way has still to see that it is cancelled.")]
    private readonly CancellationTokenSource _disposed = new();

    // Under the lock: since when a direction is off, and when was warned last.
    private readonly Lock _lock = new();
    private readonly long?[] _offSince = new long?[Enum.GetValues<SharedDirection>().Length];
    private long? _warned;

    public PatientStore(ISharedStore store, SharedCacheOptions options, TimeProvider time, ILogger logger)
    {
        _store = store;
        _time = time;
        _logger = logger;
        _patience = new Patience(
            options.Deadline,
            options.LeastBytesPerSecond,
            time,
            () => logger.PatienceSpent(store.Location, options.Deadline.TotalSeconds)
        );
    }

    public string Location => _store.Location;

    public Patience Patience => _patience;

    /// <summary>Asks for something small, as often as is sensible.</summary>
    /// <exception cref="SharedStoreException">It was not to be had.</exception>
    public async Task<T> AskAsync<T>(
        SharedDirection direction,
        Func<ISharedStore, CancellationToken, Task<T>> ask,
        CancellationToken cancellationToken
    )
    {
        using var wait = Begin(direction);
        var answer = await AskAsync(direction, wait, ask, cancellationToken).ConfigureAwait(false);
        wait.Answered();
        return answer;
    }

    /// <summary>Asks within a wait that the caller has begun, such as that of a whole transfer.</summary>
    /// <exception cref="SharedStoreException">It was not to be had.</exception>
    public async Task<T> AskAsync<T>(
        SharedDirection direction,
        PatientWait wait,
        Func<ISharedStore, CancellationToken, Task<T>> ask,
        CancellationToken cancellationToken
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            wait.Token,
            _disposed.Token
        );
        for (var tries = 1; ; tries++)
        {
            SharedStoreException failure;
            try
            {
                return await AskOnceAsync(ask, wait, either.Token, cancellationToken).ConfigureAwait(false);
            }
            catch (SharedStoreException caught)
            {
                failure = caught;
            }
            var pause = FirstPause * ((1 << (tries - 1)) * (0.5 + Random.Shared.NextDouble()));
            if (failure.RetryAfter is { } asked && asked > pause)
                pause = asked;
            if (
                failure.Failure != SharedFailure.Unavailable
                || tries == MostTries
                || either.IsCancellationRequested
                || pause >= Patience.Rest
            )
            {
                Note(direction, failure, isLetGo: wait.Token.IsCancellationRequested);
                throw failure;
            }
            await PauseAsync(pause, wait, either.Token, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Begins a wait.</summary>
    /// <exception cref="SharedStoreException">The store is left alone now.</exception>
    public PatientWait Begin(SharedDirection direction)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        if (IsOff(direction))
            throw LeftAlone("it refused");
        return _patience.TryBegin() ?? throw LeftAlone("it kept its users waiting too long");
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync().ConfigureAwait(false);
    }

    // A store that does not notice the token is left behind all the same.
    private async Task<T> AskOnceAsync<T>(
        Func<ISharedStore, CancellationToken, Task<T>> ask,
        PatientWait wait,
        CancellationToken either,
        CancellationToken cancellationToken
    )
    {
        Task<T>? answer = null;
        try
        {
            either.ThrowIfCancellationRequested();
            answer = ask(_store, either);
            return await answer.WaitAsync(either).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled)
        {
            LeaveBehind(answer);
            cancellationToken.ThrowIfCancellationRequested();
            throw NoAnswer(wait, cancelled);
        }
        catch (Exception failure) when (failure is not SharedStoreException)
        {
            throw new SharedStoreException(
                SharedFailure.Broken,
                Location,
                $"The shared store {Location} failed in a way that it should not: {failure.Message}",
                failure
            );
        }
    }

    private async Task PauseAsync(
        TimeSpan pause,
        PatientWait wait,
        CancellationToken either,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await Task.Delay(pause, _time, either).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw NoAnswer(wait, cancelled);
        }
    }

    private static void LeaveBehind<T>(Task<T>? answer) =>
        _ = answer?.ContinueWith(
            static late =>
            {
                if (late.IsCompletedSuccessfully)
                    (late.Result as IDisposable)?.Dispose();
                else
                    _ = late.Exception;
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

    private SharedStoreException NoAnswer(PatientWait wait, Exception inner)
    {
        var why =
            _disposed.IsCancellationRequested ? "it is not used any more"
            : wait.Token.IsCancellationRequested ? "the time that it may take was over"
            : "it gave up by itself";
        return new SharedStoreException(
            SharedFailure.Unavailable,
            Location,
            $"The shared store {Location} did not answer: {why}.",
            inner
        );
    }

    private SharedStoreException LeftAlone(string why) =>
        new(
            SharedFailure.Unavailable,
            Location,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The shared store {Location} is left alone for {Patience.Rest.TotalSeconds} s: {why}. See the warning before."
            )
        );

    private bool IsOff(SharedDirection direction)
    {
        lock (_lock)
            return _offSince[(int)direction] is { } since && _time.GetElapsedTime(since) < Patience.Rest;
    }

    // That the patience has ended is said by the patience.
    private void Note(SharedDirection direction, SharedStoreException failure, bool isLetGo)
    {
        SharedMeter.Failed(failure.Failure);
        if (failure.Failure is SharedFailure.Denied or SharedFailure.NotFound or SharedFailure.Full)
        {
            if (TurnOff(direction))
                _logger.Refused(Location, failure.Failure, direction, failure.Message);
        }
        else if (!isLetGo && !_disposed.IsCancellationRequested && IsTimeToWarn())
            _logger.Failed(Location, failure.Message);
        else
            _logger.FailedAgain(Location, failure.Message);
    }

    // Of requests that are refused together, the first one says so.
    private bool TurnOff(SharedDirection direction)
    {
        lock (_lock)
        {
            ref var since = ref _offSince[(int)direction];
            if (since is { } before && _time.GetElapsedTime(before) < Patience.Rest)
                return false;
            since = _time.GetTimestamp();
            return true;
        }
    }

    private bool IsTimeToWarn()
    {
        lock (_lock)
        {
            if (_warned is { } before && _time.GetElapsedTime(before) < Patience.Rest)
                return false;
            _warned = _time.GetTimestamp();
            return true;
        }
    }
}
