using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Larder.Recordings.Answers;
using Larder.Recordings.Calls;
using Larder.Recordings.Files;
using Larder.Recordings.Proxies;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Recordings;

/// <summary>The recordings in one directory: answers calls from them, or makes the calls and records them.</summary>
/// <remarks>Safe for many threads and tests at once; several processes may share a directory.</remarks>
[SuppressMessage(
    "Design",
    "MA0049",
    Justification = "No other word says what it is, and its users are in other namespaces."
)]
public sealed class Recordings : IDisposable
{
    private readonly CallDesk _desk;

    /// <summary>Opens a directory of recordings; nothing is read or made yet.</summary>
    /// <exception cref="RecordingException">An option or a variable of the environment is wrong.</exception>
    public Recordings(RecordingsOptions options, ILogger<Recordings>? logger = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var directory = options.FullDirectory();
        var mode = options.ResolveMode();
        var time = timeProvider ?? TimeProvider.System;
        _desk = new CallDesk(
            options,
            mode,
            options.FullRoot(),
            new RecordingDirectory(directory),
            new UsageLog(directory, time) { Mode = mode },
            logger ?? NullLogger<Recordings>.Instance,
            time
        );
    }

    /// <summary>What becomes of calls.</summary>
    public RecordingMode Mode => _desk.Mode;

    /// <summary>The full path of the directory.</summary>
    public string Directory => _desk.Directory.Path;

    /// <summary>What became of the calls so far.</summary>
    public RecordingsStatistics Statistics => _desk.Counts.Read();

    /// <summary>The answers that have drifted so far, in <see cref="RecordingMode.Compare"/>.</summary>
    public IReadOnlyList<RecordingDrift> Drifts => _desk.Drifts;

    internal CallDesk Desk => _desk;

    /// <summary>Records or replays the marked methods of a service; live, it gives back the very service.</summary>
    /// <typeparam name="T">An interface.</typeparam>
    /// <param name="instance">The service; it stays the caller's to dispose.</param>
    /// <param name="deployment">What it is called and configured with; null for its class's full name and no configuration.</param>
    /// <exception cref="NotRecordableException">A marked method cannot be recorded.</exception>
    /// <exception cref="RecordingException">No method is marked.</exception>
    public T Wrap<T>(T instance, Deployment? deployment = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(instance);
        return Mode is RecordingMode.Live
            ? instance
            : RecordingProxy.Create<T>(
                this,
                ServiceSource.Of(instance),
                deployment ?? new Deployment(AnswerForms.NameOf(instance.GetType())),
                instance.GetType()
            );
    }

    /// <summary>The same of a service that is made when the first call needs it; in replay never.</summary>
    /// <typeparam name="T">An interface, whose own methods are marked.</typeparam>
    /// <param name="make">Makes the service. It is disposed with what this gives back.</param>
    /// <param name="deployment">What it is called and configured with.</param>
    public T Wrap<T>(Func<T> make, Deployment deployment)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(deployment);
        return Mode is RecordingMode.Live
            ? make()
            : RecordingProxy.Create<T>(this, new ServiceSource(make, isOwned: true), deployment, service: null);
    }

    /// <summary>Answers one call.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="call">Which call.</param>
    /// <param name="live">Makes it.</param>
    /// <param name="cancellationToken">Stops it; a call that was cancelled is not recorded.</param>
    /// <exception cref="RecordingMissingException">There is no recording, in <see cref="RecordingMode.Replay"/>.</exception>
    /// <exception cref="RecordingDamagedException">There is one that cannot be believed.</exception>
    /// <exception cref="NotRecordableException">An argument or the answer is of a kind that no recording can hold.</exception>
    public Task<T> GetOrRecordAsync<T>(
        RecordedCall call,
        Func<CancellationToken, Task<T>> live,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(live);
        return Mode is RecordingMode.Live ? live(cancellationToken) : AnswerAsync(call, live, live, cancellationToken);
    }

    /// <summary>The same for a call that answers nothing.</summary>
    public Task GetOrRecordAsync(
        RecordedCall call,
        Func<CancellationToken, Task> live,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(live);
        return Mode is RecordingMode.Live
            ? live(cancellationToken)
            : AnswerAsync(call, live, WithNothingAsync, cancellationToken);

        async Task<Nothing> WithNothingAsync(CancellationToken token)
        {
            await live(token).ConfigureAwait(false);
            return default;
        }
    }

    /// <summary>The same for a synchronous call.</summary>
    public T GetOrRecord<T>(RecordedCall call, Func<T> live) => GetOrRecord(call, live, CancellationToken.None);

    /// <summary>The same for a synchronous call that can be cancelled.</summary>
    internal T GetOrRecord<T>(RecordedCall call, Func<T> live, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(live);
        if (Mode is RecordingMode.Live)
            return live();
        var turn = _desk.Begin<T>(call, live);
        cancellationToken.ThrowIfCancellationRequested();
        if (Mode is RecordingMode.Replay && turn.TryReplay(out var answer))
            return answer;
        if (Mode is not RecordingMode.RecordMissing)
            return Make(turn, live, cancellationToken);
        using (_desk.Gates.Enter(turn.Request.Key.Digest))
        using (_desk.Gates.Within(turn.Request.Key.Digest))
            return turn.TryReplay(out answer) ? answer : Make(turn, live, cancellationToken);
    }

    /// <summary>The same for a stream: recorded when it has come to its end, item by item.</summary>
    /// <remarks>A stream that its reader leaves before its end is not recorded. One that fails is, with the items before.</remarks>
    public IAsyncEnumerable<T> StreamAsync<T>(
        RecordedCall call,
        Func<CancellationToken, IAsyncEnumerable<T>> live,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(live);
        // Before the first item is asked for: the caller may change the arguments until then.
        return Mode is RecordingMode.Live
            ? live(cancellationToken)
            : StreamAsync(_desk.Begin<T>(call, live), live, cancellationToken);
    }

    /// <summary>Writes down what was used.</summary>
    public void Dispose() => _desk.Usage.Dispose();

    private async Task<T> AnswerAsync<T>(
        RecordedCall call,
        Delegate given,
        Func<CancellationToken, Task<T>> live,
        CancellationToken cancellationToken
    )
    {
        var turn = _desk.Begin<T>(call, given);
        cancellationToken.ThrowIfCancellationRequested();
        if (Mode is RecordingMode.Replay && turn.TryReplay(out var answer))
            return answer;
        if (Mode is not RecordingMode.RecordMissing)
            return await MakeAsync(turn, live, cancellationToken).ConfigureAwait(false);
        using (await _desk.Gates.EnterAsync(turn.Request.Key.Digest, cancellationToken).ConfigureAwait(false))
        using (_desk.Gates.Within(turn.Request.Key.Digest))
            return turn.TryReplay(out answer)
                ? answer
                : await MakeAsync(turn, live, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<T> MakeAsync<T>(
        CallTurn<T> turn,
        Func<CancellationToken, Task<T>> live,
        CancellationToken cancellationToken
    )
    {
        turn.Prepare();
        T answer;
        try
        {
            answer = AnswerForms.Rereadable(await live(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception failure) when (turn.IsRecorded(failure, cancellationToken))
        {
            turn.Failed(failure);
            throw;
        }
        if (!turn.IsCancelled(cancellationToken))
            turn.Answered(answer);
        return answer;
    }

    private static T Make<T>(CallTurn<T> turn, Func<T> live, CancellationToken cancellationToken)
    {
        turn.Prepare();
        T answer;
        try
        {
            answer = AnswerForms.Rereadable(live());
        }
        catch (Exception failure) when (turn.IsRecorded(failure, cancellationToken))
        {
            turn.Failed(failure);
            throw;
        }
        if (!turn.IsCancelled(cancellationToken))
            turn.Answered(answer);
        return answer;
    }

    // Not one at a time by key: a reader that holds two streams of one request would wait for itself.
    private async IAsyncEnumerable<T> StreamAsync<T>(
        CallTurn<T> turn,
        Func<CancellationToken, IAsyncEnumerable<T>> live,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Mode is RecordingMode.Replay or RecordingMode.RecordMissing && turn.FindStream() is { } stored)
        {
            await foreach (var item in ReplayAsync(turn, stored, cancellationToken).ConfigureAwait(false))
                yield return item;
            yield break;
        }
        turn.Prepare();
        turn.RequireUnchanged();
        await foreach (var item in MakeAsync(turn, live, cancellationToken).ConfigureAwait(false))
            yield return item;
    }

    private async IAsyncEnumerable<T> ReplayAsync<T>(
        CallTurn<T> turn,
        StoredRecording stored,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var begun = _desk.TimeProvider.GetTimestamp();
        for (var i = 0; i < (stored.Outcome.Items?.Count ?? 0); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_desk.Options.ReplaysTiming && stored.Outcome.Milliseconds is { } times)
            {
                var wait = TimeSpan.FromMilliseconds(times[i]) - _desk.TimeProvider.GetElapsedTime(begun);
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, _desk.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            yield return turn.Item(stored, i);
        }
        cancellationToken.ThrowIfCancellationRequested();
        if (stored.Outcome.Error is { } error)
            throw turn.ReadError(stored, error);
    }

    private static async IAsyncEnumerable<T> MakeAsync<T>(
        CallTurn<T> turn,
        Func<CancellationToken, IAsyncEnumerable<T>> live,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var recorder = turn.NewStream();
        var hasEnded = false;
        IAsyncEnumerator<T>? items = null;
        try
        {
            while (true)
            {
                T item;
                try
                {
                    // Here, since a method that returns a stream may fail before it does.
                    items ??= live(cancellationToken).GetAsyncEnumerator(cancellationToken);
                    if (!await items.MoveNextAsync().ConfigureAwait(false))
                        break;
                    item = recorder.Add(items.Current);
                }
                catch (Exception failure)
                {
                    hasEnded = true;
                    if (turn.IsRecorded(failure, cancellationToken))
                        turn.Failed(failure, recorder);
                    throw;
                }
                yield return item;
            }
            hasEnded = true;
            if (!turn.IsCancelled(cancellationToken))
                turn.Ended(recorder);
        }
        finally
        {
            if (!hasEnded)
                turn.Left("its reader left the stream before the end");
            if (items is not null)
                await items.DisposeAsync().ConfigureAwait(false);
        }
    }
}
