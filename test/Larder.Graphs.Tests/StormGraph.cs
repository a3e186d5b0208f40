using System.Collections.Concurrent;

namespace Larder.Graphs.Tests;

/// <summary>A graph made of others, whose disposal may be late, and that says so when it is treated wrong.</summary>
internal sealed class StormGraph : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _faults;
    private readonly StormGraph[] _parents;
    private readonly TimeSpan _disposalTime;
    private readonly Action _gone;
    private int _users;
    private int _children;
    private int _disposals;

    public StormGraph(ConcurrentQueue<string> faults, StormGraph[] parents, TimeSpan disposalTime, Action gone)
    {
        (_faults, _parents, _disposalTime, _gone) = (faults, parents, disposalTime, gone);
        foreach (var parent in parents)
        {
            if (Volatile.Read(ref parent._disposals) > 0)
                faults.Enqueue("A graph was made of one that had been disposed.");
            Interlocked.Increment(ref parent._children);
        }
    }

    public async Task UseAsync(GraphUse use, int steps)
    {
        var users = Interlocked.Increment(ref _users);
        if (use is GraphUse.Exclusive && users > 1)
            _faults.Enqueue("An exclusive user was not alone.");
        for (var i = 0; i < steps; i++)
            await Task.Yield();
        if (Volatile.Read(ref _disposals) > 0)
            _faults.Enqueue("A graph was disposed in use.");
        Interlocked.Decrement(ref _users);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Increment(ref _disposals) > 1)
            _faults.Enqueue("A graph was disposed twice.");
        if (Volatile.Read(ref _users) > 0)
            _faults.Enqueue("A graph was disposed in use.");
        if (Volatile.Read(ref _children) > 0)
            _faults.Enqueue("A part was disposed before the graph that it is a part of.");
        if (_disposalTime > TimeSpan.Zero)
            await Task.Delay(_disposalTime);
        foreach (var parent in _parents)
        {
            if (Volatile.Read(ref parent._disposals) > 0)
                _faults.Enqueue("A part was disposed during the disposal of the graph that it is a part of.");
            Interlocked.Decrement(ref parent._children);
        }
        _gone();
    }
}
