namespace Larder.Graphs.Tests;

/// <summary>A graph that says so when it is used after its disposal, disposed in use or before what it is a part of, or disposed twice.</summary>
internal sealed class SoakGraph(SoakWorld world, SoakGraph? parent, long bytes, bool isBroken) : IAsyncDisposable
{
    private int _users;
    private int _exclusiveUsers;
    private int _children;
    private int _uses;
    private int _disposals;

    public async Task UseAsync(GraphUse use, int steps)
    {
        Interlocked.Increment(ref _uses);
        var users = Interlocked.Increment(ref _users);
        if (use is GraphUse.Exclusive)
            Interlocked.Increment(ref _exclusiveUsers);
        if (Volatile.Read(ref _exclusiveUsers) > 0 && users > 1)
            world.Faults.Enqueue("A graph was used by others beside an exclusive user.");
        for (var i = 0; i < steps; i++)
            await Task.Yield();
        if (Volatile.Read(ref _disposals) > 0)
            world.Faults.Enqueue("A graph was disposed in use.");
        if (parent is not null && Volatile.Read(ref parent._disposals) > 0)
            world.Faults.Enqueue("A part of a graph was disposed in use.");
        if (use is GraphUse.Exclusive)
            Interlocked.Decrement(ref _exclusiveUsers);
        Interlocked.Decrement(ref _users);
    }

    /// <summary>Is made of its parent from now on, until it is disposed.</summary>
    public SoakGraph Joined()
    {
        if (parent is not null)
            Interlocked.Increment(ref parent._children);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Increment(ref _disposals) > 1)
            world.Faults.Enqueue("A graph was disposed twice.");
        if (Volatile.Read(ref _users) > 0)
            world.Faults.Enqueue("A graph was disposed in use.");
        if (Volatile.Read(ref _children) > 0)
            world.Faults.Enqueue("A part was disposed before the graph that it is a part of.");
        await Task.Yield();
        if (parent is not null)
            Interlocked.Decrement(ref parent._children);
        world.Leave(bytes, wasUsed: Volatile.Read(ref _uses) > 0);
        if (isBroken)
            throw new IOException("This disposal was to fail.");
    }
}
