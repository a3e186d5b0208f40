using System.Text.Json;
using Larder.Processes;
using Larder.Pull;
using Larder.Workers.Protocol;

namespace Larder.Workers.Processes;

/// <summary>The workers of one model, as one graph: requests wait here until one is free, in the order in which they came.</summary>
/// <remarks>
/// A worker that is lost is not replaced until somebody needs it. Each request has a turn, of which there are as many as workers, and
/// with it a worker that is idle or a new one. A turn ends when the worker has answered or is gone, also when the caller has left
/// long before: the answer is then dropped, and the worker goes on. Where a lost worker cannot be replaced while others are there,
/// its turn rests for a while: requests go to the others, in place of each trying to start one.
/// </remarks>
internal sealed class WorkerPool : IAsyncDisposable
{
    private static readonly TimeSpan RestAfterFailedStart = TimeSpan.FromSeconds(10);

    private readonly WorkerStart _start;
    private readonly Snapshot? _files;
    private readonly SemaphoreSlim _turns;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();

    // Under the lock. The last one that worked is the first to be asked: its memory is warm.
    private readonly Stack<Worker> _idle = new();
    private readonly HashSet<Worker> _all = [];
    private bool _isDisposed;

    private long _lastId;
    private Task _pings = Task.CompletedTask;

    private WorkerPool(WorkerStart start, Snapshot? files)
    {
        _start = start;
        _files = files;
        _turns = new SemaphoreSlim(start.Program.Workers);
    }

    /// <summary>What the first worker said of the model.</summary>
    public required ReadyLine Ready { get; init; }

    /// <summary>Called, on any thread, when the last worker is gone.</summary>
    public Action? Emptied { get; set; }

    /// <summary>Whether a worker is there.</summary>
    public bool HasWorkers
    {
        get
        {
            lock (_lock)
                return _all.Count > 0;
        }
    }

    /// <summary>The processes of its workers, at this moment.</summary>
    internal IReadOnlyList<int> Processes
    {
        get
        {
            lock (_lock)
                return [.. _all.Select(worker => worker.ProcessId)];
        }
    }

    /// <summary>Starts all workers, and waits until each is ready; one that fails ends them all.</summary>
    /// <param name="start">What they are started with.</param>
    /// <param name="files">The hold on the model's files, which is the pool's from its start on.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<WorkerPool> StartAsync(
        WorkerStart start,
        Snapshot? files,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starts = Enumerable.Range(0, start.Program.Workers).Select(_ => StartOrStopAsync()).ToList();
        try
        {
            await Task.WhenAll(starts).ConfigureAwait(false);
        }
        catch
        {
            foreach (var started in starts.Where(task => task.IsCompletedSuccessfully))
                await (await started.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            // The first that failed by itself; the others were stopped for it.
            throw starts
                .Select(task => task.Exception?.InnerException)
                .FirstOrDefault(failure => failure is not null and not OperationCanceledException)
                ?? new OperationCanceledException();
        }
        var workers = await Task.WhenAll(starts).ConfigureAwait(false);
        var pool = new WorkerPool(start, files) { Ready = workers[0].Ready };
        foreach (var worker in workers)
            pool.Admit(worker, isIdle: true);
        pool._pings = pool.PingAsync();
        return pool;

        async Task<Worker> StartOrStopAsync()
        {
            try
            {
                return await Worker.StartAsync(start, stop.Token).ConfigureAwait(false);
            }
            catch
            {
                await stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>The bytes that all processes of all workers hold; null when that cannot be seen.</summary>
    public long? MeasureBytes()
    {
        var sizes = Processes.Select(SessionMemory.Of).ToList();
        return sizes.Count > 0 && sizes.TrueForAll(size => size is not null) ? sizes.Sum() : null;
    }

    /// <summary>Has a worker answer.</summary>
    /// <param name="inputs">The inputs; used until this returns.</param>
    /// <param name="limit">How long to wait for a worker, and how long that may take.</param>
    /// <param name="cancellationToken">Ends the wait of this caller only.</param>
    /// <exception cref="InvalidWorkerInputsException">The worker says that the inputs do not fit.</exception>
    /// <exception cref="WorkerException">There is no answer.</exception>
    public async Task<JsonElement> RunAsync(JsonElement inputs, TimeSpan limit, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        // A copy: the caller may leave, and take his document with him, before the worker has read it.
        var line = RequestLine.Predict(id, inputs);
        await TakeTurnAsync(limit, cancellationToken).ConfigureAwait(false);
        var turn = RunInTurnAsync(id, line, limit, cancellationToken);
        var answer = await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (answer.Outputs is { } outputs)
            return outputs;
        if (answer.Faults is { Count: > 0 } faults)
            throw new InvalidWorkerInputsException(faults);
        throw new WorkerException(WorkerFailure.Refused, $"A worker of {_start.Model} could not answer: {answer.Error}")
        {
            Answer = answer.Error,
        };
    }

    public async ValueTask DisposeAsync()
    {
        List<Worker> all;
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            all = [.. _all];
        }
        await _ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(all.Select(worker => worker.DisposeAsync().AsTask())).ConfigureAwait(false);
        await _pings.ConfigureAwait(false);
        // Turns of callers that left end now, since their workers have.
        for (var turn = 0; turn < _start.Program.Workers; turn++)
            await _turns.WaitAsync().ConfigureAwait(false);
        _turns.Dispose();
        _ending.Dispose();
        _files?.Dispose();
    }

    private async Task TakeTurnAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (_turns.Wait(0, CancellationToken.None))
            return;
        using var enough = new CancellationTokenSource(limit, _start.TimeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enough.Token);
        try
        {
            await _turns.WaitAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WorkerException(
                WorkerFailure.Busy,
                $"All {_start.Program.Workers} workers of {_start.Model} were busy for {limit}. Raise 'workers', or send less at once."
            );
        }
    }

    /// <summary>Works for one request to its end; nobody can stop it, only leave.</summary>
    private async Task<WorkerAnswer> RunInTurnAsync(
        long id,
        ReadOnlyMemory<byte> line,
        TimeSpan limit,
        CancellationToken isWanted
    )
    {
        Worker? worker = null;
        var rests = false;
        try
        {
            for (var isFirst = true; ; isFirst = false)
            {
                worker = TakeIdle();
                rests = worker is null;
                worker ??= await StartOneAsync().ConfigureAwait(false);
                rests = false;
                // A worker that was started for him stays for the next.
                isWanted.ThrowIfCancellationRequested();
                try
                {
                    return await worker.AskAsync(id, line, limit).ConfigureAwait(false);
                }
                catch (NotSentException) when (isFirst)
                {
                    _start.Logger.AskedAnother(_start.Model);
                    await worker.Ended.ConfigureAwait(false);
                }
                catch (NotSentException notSent)
                {
                    throw notSent.Reason;
                }
            }
        }
        finally
        {
            if (worker is not null)
                PutBack(worker);
            if (rests && HasWorkers)
                _ = RestAsync();
            else
                _turns.Release();
        }
    }

    private async Task RestAsync()
    {
        await Task.Delay(RestAfterFailedStart, _start.TimeProvider, _ending.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _turns.Release();
    }

    private Worker? TakeIdle()
    {
        lock (_lock)
        {
            while (_idle.TryPop(out var worker))
            {
                if (worker.IsLive)
                    return worker;
            }
            return null;
        }
    }

    private void PutBack(Worker worker)
    {
        lock (_lock)
        {
            if (worker.IsLive)
                _idle.Push(worker);
        }
    }

    private async Task<Worker> StartOneAsync()
    {
        var worker = await Worker.StartAsync(_start, _ending.Token).ConfigureAwait(false);
        Admit(worker, isIdle: false);
        return worker;
    }

    private void Admit(Worker worker, bool isIdle)
    {
        bool isLate;
        lock (_lock)
        {
            isLate = _isDisposed;
            _all.Add(worker);
            if (isIdle)
                _idle.Push(worker);
        }
        _ = ForgetWhenEndedAsync(worker);
        // Ready at the very moment at which all were ended.
        if (isLate)
            _ = worker.KillAsync();
    }

    private async Task ForgetWhenEndedAsync(Worker worker)
    {
        await worker.Ended.ConfigureAwait(false);
        bool isLast;
        lock (_lock)
        {
            _all.Remove(worker);
            isLast = _all.Count == 0 && !_isDisposed;
        }
        if (isLast)
            Emptied?.Invoke();
    }

    /// <summary>Asks those that do nothing, now and then, whether they are well; one that does not say so is ended.</summary>
    private async Task PingAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(_start.Program.PingInterval, _start.TimeProvider);
            while (await timer.WaitForNextTickAsync(_ending.Token).ConfigureAwait(false))
            {
                List<Worker> idle;
                lock (_lock)
                    idle = [.. _idle];
                // Each by its turn, so that no request waits for more than one of them.
                foreach (var worker in idle)
                    await PingAsync(worker).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the pool.
        }
    }

    private async Task PingAsync(Worker worker)
    {
        if (!_turns.Wait(0, CancellationToken.None))
            return;
        try
        {
            if (TryTake(worker))
                await PingTakenAsync(worker).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task PingTakenAsync(Worker worker)
    {
        try
        {
            var id = Interlocked.Increment(ref _lastId);
            await worker.AskAsync(id, RequestLine.Ping(id), _start.PingLimit).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is WorkerException or NotSentException)
        {
            _start.Logger.Lost(_start.Model, $"it was asked whether it is well. {gone.Message}");
        }
        finally
        {
            PutBack(worker);
        }
    }

    // One that is not the next is taken from between the others.
    private bool TryTake(Worker worker)
    {
        lock (_lock)
        {
            if (!_idle.Contains(worker))
                return false;
            var others = _idle.Where(other => other != worker).Reverse().ToList();
            _idle.Clear();
            others.ForEach(_idle.Push);
            return true;
        }
    }
}
