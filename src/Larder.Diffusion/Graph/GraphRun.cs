namespace Larder.Diffusion.Graph;

/// <summary>One run of a graph: all that is known of it, and the workers that carry it on.</summary>
/// <remarks>
/// A worker runs a node, lets those go that waited for it, goes on with the first of them itself and starts workers for the
/// others. So nodes in a chain change no threads. The worker that finds nothing to go on with and no other worker ends the run.
/// </remarks>
internal sealed class GraphRun
{
    private const int Taken = -1;
    private const int None = -1;

    private readonly GraphPlan _plan;
    private readonly GraphRunOptions _options;
    private readonly CancellationToken _callersToken;
    private readonly CancellationTokenSource _cancellation;
    private readonly CancellationToken _token;
    private readonly long _begun;
    private readonly NodeTiming[] _timings;

    // Continues its waiters on the worker that ends the run: there is nothing that it has left to do.
    private readonly TaskCompletionSource<GraphResult> _ended = new();

    private readonly Lock _lock = new();

    // Under the lock. Nodes that a node waits for; Taken once a worker has it.
    private readonly int[] _waitingFor;
    private int _workers;
    private int _nodesFinished;
    private bool _isStopped;
    private GraphRunException? _failure;

    public GraphRun(GraphPlan plan, object?[] inputs, GraphRunOptions options, CancellationToken cancellationToken)
    {
        _plan = plan;
        _options = options;
        _callersToken = cancellationToken;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _token = _cancellation.Token;
        _begun = options.Time.GetTimestamp();
        Values = new RunValues(plan, inputs);
        _timings = new NodeTiming[plan.Nodes.Length];
        _waitingFor = new int[plan.Nodes.Length];
        for (var node = 0; node < _waitingFor.Length; node++)
            _waitingFor[node] = plan.Nodes[node].Predecessors;
    }

    public RunValues Values { get; }

    public Task<GraphResult> StartAsync()
    {
        if (_plan.Nodes.Length == 0)
            End();
        StartWorkers();
        return _ended.Task;
    }

    public void Report(PlannedNode node, NodeState state, int step = 0, int steps = 0) =>
        _options.Progress?.Report(
            new GraphProgress(
                node.Node.Name,
                state,
                step,
                steps,
                Volatile.Read(ref _nodesFinished),
                _plan.Nodes.Length,
                Elapsed
            )
        );

    private TimeSpan Elapsed => _options.Time.GetElapsedTime(_begun);

    // On the pool and not here: a node may compute for long before it first waits, and the caller goes on meanwhile.
    private void StartWorkers()
    {
        while (TakeForNewWorker() is var node and not None)
            ThreadPool.QueueUserWorkItem(
                static start => _ = start.Run.WorkAsync(start.Node),
                (Run: this, Node: node),
                preferLocal: false
            );
    }

    private int TakeForNewWorker()
    {
        lock (_lock)
        {
            if (_workers == _options.MaxParallelNodes)
                return None;
            var node = TakeReady();
            if (node != None)
                _workers++;
            return node;
        }
    }

    // Under the lock. The first in the order of the plan, so that a run by one worker has that order.
    private int TakeReady()
    {
        if (_isStopped)
            return None;
        var node = Array.IndexOf(_waitingFor, 0);
        if (node >= 0)
            _waitingFor[node] = Taken;
        return node;
    }

    // Never fails: what a node throws, and what goes wrong with what it leaves, is the run's failure.
    private async Task WorkAsync(int node)
    {
        for (var next = node; next != None; )
        {
            var isDone = await RunNodeAsync(next).ConfigureAwait(false);
            next = GoOn(next, isDone, out var isEnd);
            if (isEnd)
                End();
            else
                StartWorkers();
        }
    }

    private async ValueTask<bool> RunNodeAsync(int index)
    {
        var node = _plan.Nodes[index];
        var context = new NodeContext(this, node, _token);
        try
        {
            _token.ThrowIfCancellationRequested();
            var started = Elapsed;
            Report(node, NodeState.Started);
            await node.Node.WorkAsync(context, _token).ConfigureAwait(false);
            context.Complete();
            Release(node);
            _timings[index] = new NodeTiming(node.Node.Name, started, Elapsed - started);
            Interlocked.Increment(ref _nodesFinished);
            Report(node, NodeState.Finished);
            return true;
        }
        catch (OperationCanceledException) when (_token.IsCancellationRequested)
        {
            context.End();
            return false;
        }
        catch (Exception failure)
        {
            context.End();
            await FailAsync(node, failure).ConfigureAwait(false);
            return false;
        }
    }

    private void Release(PlannedNode node)
    {
        foreach (var slot in node.InputSlots)
        {
            if (slot != PlannedNode.Unconnected)
                Values.Release(slot)?.Dispose();
        }
    }

    private async Task FailAsync(PlannedNode node, Exception failure)
    {
        lock (_lock)
        {
            _isStopped = true;
            // The others fail because of the first, or would have failed as well.
            _failure ??= new GraphRunException(_plan.Name, node.Node.Name, failure);
        }
        // What somebody registered with the token may fail too; the run has its failure.
        await _cancellation.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Lets go what waited for a node, and takes the next for the same worker.</summary>
    private int GoOn(int node, bool isDone, out bool isEnd)
    {
        lock (_lock)
        {
            _isStopped |= !isDone;
            if (isDone)
            {
                foreach (var successor in _plan.Nodes[node].Successors)
                    _waitingFor[successor]--;
            }
            var next = TakeReady();
            if (next == None)
                _workers--;
            isEnd = _workers == 0;
            return next;
        }
    }

    // No worker is left: all is this thread's.
    private void End()
    {
        _cancellation.Dispose();
        if (_isStopped)
        {
            foreach (var value in Values.TakeOwned())
                DisposeQuietly(value);
            if (_failure is not null)
                _ended.SetException(_failure);
            else
                _ended.SetCanceled(_callersToken);
            return;
        }
        var outputs = new object?[_plan.OutputSlots.Length];
        for (var place = 0; place < outputs.Length; place++)
            outputs[place] = Values[_plan.OutputSlots[place]];
        _ended.SetResult(new GraphResult(_plan, outputs, Values.TakeOwned(), _timings, Elapsed));
    }

    // What made the run end is told; a value that cannot be disposed of must not hide that, nor keep the others.
    private static void DisposeQuietly(IDisposable value)
    {
        try
        {
            value.Dispose();
        }
#pragma warning disable RCS1075 // There is nobody left to tell: the run has its failure, or its caller is gone.
        catch (Exception) { }
#pragma warning restore RCS1075
    }
}
