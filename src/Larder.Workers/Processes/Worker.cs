using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Larder.Processes;
using Larder.Workers.Protocol;

namespace Larder.Workers.Processes;

/// <summary>One worker: a process that has the model loaded and answers one request after the other.</summary>
/// <remarks>
/// One task watches over it from its start to its end (<see cref="WatchAsync"/>): it alone ends the process, whoever wants that, and
/// after that nothing of it is left: no process, no directory, no open pipe.
/// </remarks>
internal sealed class Worker : IAsyncDisposable
{
    // How long a process may take that was told to end by the end of its input, and then by a signal.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    // How long what is on its way through a pipe may take, of a process that has ended.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly WorkerStart _start;
    private readonly SessionProcess _session;
    private readonly WorkDirectory _directory;
    private readonly ErrorOutput _errors;
    private readonly Task _watch;

    private readonly TaskCompletionSource<ReadyLine> _ready = NewSource<ReadyLine>();
    private readonly TaskCompletionSource<End> _end = NewSource<End>();

    private readonly Lock _lock = new();

    // Under the lock: the request that it has, and why it has none any more.
    private Pending? _pending;
    private WorkerException? _over;

    private Worker(WorkerStart start, SessionProcess session, WorkDirectory directory)
    {
        _start = start;
        _session = session;
        _directory = directory;
        _errors = new ErrorOutput(start);
        // What fails it may be nobody's to see.
        _ = _ready.Task.ContinueWith(
            static task => _ = task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        _watch = WatchAsync();
    }

    private enum End
    {
        Politely,
        AtOnce,
    }

    /// <summary>The process, which is its session as well.</summary>
    public int ProcessId => _session.Id;

    /// <summary>What it said when it was ready.</summary>
    public ReadyLine Ready => _ready.Task.Result;

    /// <summary>Whether it can be asked.</summary>
    public bool IsLive
    {
        get
        {
            lock (_lock)
                return _over is null;
        }
    }

    /// <summary>Ends when nothing of it is left; never fails.</summary>
    public Task Ended => _watch;

    /// <summary>Starts a worker, and waits until it is ready.</summary>
    /// <exception cref="WorkerException">It could not be started, ended before it was ready, or was not in time.</exception>
    public static async Task<Worker> StartAsync(WorkerStart start, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var began = start.TimeProvider.GetTimestamp();
        var worker = Launch(start);
        try
        {
            await worker
                ._ready.Task.WaitAsync(start.Program.StartTimeout, start.TimeProvider, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await worker.KillAsync().ConfigureAwait(false);
            throw new WorkerException(
                WorkerFailure.NotStarted,
                $"A worker of {start.Model} was not ready after {start.Program.StartTimeout} and was ended. Raise 'start_timeout', or find out what it waits for.{worker._errors.LastWords}"
            );
        }
        catch (OperationCanceledException)
        {
            await worker.KillAsync().ConfigureAwait(false);
            throw;
        }
        start.Logger.Ready(start.Model, worker.ProcessId, start.TimeProvider.GetElapsedTime(began));
        return worker;
    }

    /// <summary>Asks it one thing. Nobody else asks meanwhile.</summary>
    /// <param name="id">A number that no other request to it had.</param>
    /// <param name="line">The request with that id.</param>
    /// <param name="limit">How long it may take; after that it is ended.</param>
    /// <exception cref="NotSentException">It was gone before it had the whole line.</exception>
    /// <exception cref="WorkerException">It ended, was too slow, or broke the protocol; nobody knows how far it was.</exception>
    public async Task<WorkerAnswer> AskAsync(long id, ReadOnlyMemory<byte> line, TimeSpan limit)
    {
        var pending = new Pending(id);
        lock (_lock)
        {
            if (_over is { } over)
                throw new NotSentException(over);
            _pending = pending;
        }
        try
        {
            return await SendAsync(pending, line).WaitAsync(limit, _start.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await KillAsync().ConfigureAwait(false);
            throw new WorkerException(
                WorkerFailure.TooSlow,
                $"A worker of {_start.Model} had not answered after {limit} and was ended. Raise 'request_timeout', or ask for less at once.{_errors.LastWords}"
            );
        }
    }

    /// <summary>Ends it without asking.</summary>
    public Task KillAsync()
    {
        _end.TrySetResult(End.AtOnce);
        return _watch;
    }

    /// <summary>Ends it: by the end of its input, else by a signal, else without asking.</summary>
    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult(End.Politely);
        await _watch.ConfigureAwait(false);
    }

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [SuppressMessage("Reliability", "CA2000", Justification = "The worker that is made of them disposes them.")]
    private static Worker Launch(WorkerStart start)
    {
        WorkDirectory? directory = null;
        try
        {
            directory = new WorkDirectory(start);
            var session = SessionProcess.Start(WorkerEnvironment.Launch(start, directory), start.TimeProvider);
            return new Worker(start, session, directory);
        }
        catch (Exception failure)
        {
            directory?.Dispose();
            if (failure is SessionStartException or IOException or UnauthorizedAccessException)
                throw new WorkerException(
                    WorkerFailure.ProgramMissing,
                    $"A worker of {start.Model} could not be started: {failure.Message}",
                    failure
                );
            throw;
        }
    }

    private async Task<WorkerAnswer> SendAsync(Pending pending, ReadOnlyMemory<byte> line)
    {
        try
        {
            await _session.Input.WriteAsync(line).ConfigureAwait(false);
        }
        catch (Exception failure)
            when (failure is IOException or InvalidOperationException or OperationCanceledException)
        {
            // A line that has no end is no request to it.
            await KillAsync().ConfigureAwait(false);
            throw new NotSentException(_over!);
        }
        return await pending.Answer.Task.ConfigureAwait(false);
    }

    /// <summary>Its life: waits for whatever ends it, ends it, and tells those who wait for it.</summary>
    private async Task WatchAsync()
    {
        var printed = _errors.ReadAsync(_session.Error);
        var answers = ReadAnswersAsync();
        var exit = _session.WaitForExitAsync(CancellationToken.None);
        await Task.WhenAny(answers, exit, _end.Task).ConfigureAwait(false);
        string reason;
        try
        {
            reason = await EndAsync(answers, exit).ConfigureAwait(false);
            await _session.EndRestAsync().ConfigureAwait(false);
            // Somebody who cannot be found may keep the pipes open; what has come so far is what there is.
            await WaitAsync(Task.WhenAll(printed, answers)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Who waits for it must hear of its end, whatever the system says of it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _start.Logger.EndFailed(_start.Model, failure.Message);
            reason = $"it could not be ended as it should ({failure.Message})";
        }
        // First, so that whoever hears of its end finds nothing of it.
        _session.Dispose();
        _directory.Dispose();
        Tell(reason, answers.IsCompletedSuccessfully && answers.Result is not null);
    }

    /// <summary>Ends the process and its group; returns what happened, to go behind "because".</summary>
    private async Task<string> EndAsync(Task<string?> answers, Task exit)
    {
        if (exit.IsCompleted)
        {
            // What it left running holds its pipes open. What it answered before is still in one.
            var code = _session.ExitCode;
            await _session.KillAsync().ConfigureAwait(false);
            await WaitAsync(answers).ConfigureAwait(false);
            return EndedWith(code);
        }
        if (answers.IsCompleted)
        {
            var breach = await answers.ConfigureAwait(false);
            var hasEnded = breach is null && await _session.HasEndedWithinAsync(Rest).ConfigureAwait(false);
            var code = hasEnded ? _session.ExitCode : 0;
            await _session.KillAsync().ConfigureAwait(false);
            return breach ?? (hasEnded ? EndedWith(code) : "it closed its channel");
        }
        if (await _end.Task.ConfigureAwait(false) is End.Politely)
        {
            _session.CloseInput();
            if (!await _session.HasEndedWithinAsync(Grace).ConfigureAwait(false))
                await _session.StopAsync().ConfigureAwait(false);
        }
        await _session.KillAsync().ConfigureAwait(false);
        return "it was ended";
    }

    private async Task WaitAsync(Task rest) =>
        await rest.WaitAsync(Rest, _start.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static string EndedWith(int code) =>
        code > 128
            ? string.Create(CultureInfo.InvariantCulture, $"it was ended by signal {code - 128}")
            : string.Create(CultureInfo.InvariantCulture, $"it ended with exit code {code}");

    private void Tell(string reason, bool isBreach)
    {
        var words = _errors.LastWords;
        var over = new WorkerException(
            isBreach ? WorkerFailure.BrokeProtocol : WorkerFailure.Died,
            $"A worker of {_start.Model} is gone because {reason}.{words}"
        );
        Pending? pending;
        lock (_lock)
        {
            _over = over;
            (pending, _pending) = (_pending, null);
        }
        if (!_ready.Task.IsCompletedSuccessfully)
            _ready.TrySetException(
                new WorkerException(
                    WorkerFailure.NotStarted,
                    $"A worker of {_start.Model} was not ready, because {reason}.{words}"
                )
            );
        else if (!_end.Task.IsCompleted)
            _start.Logger.Lost(_start.Model, over.Message);
        // Of what was written nobody knows whether it was read and half done: it is not asked again.
        pending?.Answer.TrySetException(over);
    }

    /// <summary>Reads its channel to the end; returns what was wrong with it, null when nothing was. Never fails.</summary>
    private async Task<string?> ReadAnswersAsync()
    {
        try
        {
            var lines = new LineReader(_session.Output);
            while (await lines.ReadAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
            {
                if (!_ready.Task.IsCompleted)
                    _ready.TrySetResult(ReadyLine.Parse(line.Span));
                else
                    Take(WorkerAnswer.Parse(line.Span), line.Span);
            }
            return null;
        }
        catch (ProtocolException breach)
        {
            return breach.Message;
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return "it wrote a text with half of a pair of surrogates to its channel";
        }
    }

    private void Take(WorkerAnswer answer, ReadOnlySpan<byte> line)
    {
        Pending? pending;
        lock (_lock)
        {
            pending = _pending?.Id == answer.Id ? _pending : null;
            if (pending is not null)
                _pending = null;
        }
        if (pending is null)
            throw new ProtocolException($"it answered what nobody asked: {WireDocument.Shown(line)}");
        pending.Answer.TrySetResult(answer);
    }

    private sealed class Pending(long id)
    {
        public long Id => id;

        public TaskCompletionSource<WorkerAnswer> Answer { get; } = NewSource<WorkerAnswer>();
    }
}
