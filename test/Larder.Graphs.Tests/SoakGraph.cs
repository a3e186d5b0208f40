namespace Larder.Graphs.Tests;

/// <summary>A graph that says so when it is used after its disposal, disposed in use, or disposed twice.</summary>
internal sealed class SoakGraph(SoakWorld world, bool isBroken) : IAsyncDisposable
{
    private int _users;
    private int _uses;
    private int _disposals;

    public async Task UseAsync(int steps)
    {
        Interlocked.Increment(ref _uses);
        Interlocked.Increment(ref _users);
        for (var i = 0; i < steps; i++)
            await Task.Yield();
        if (Volatile.Read(ref _disposals) > 0)
            world.Faults.Enqueue("A graph was disposed in use.");
        Interlocked.Decrement(ref _users);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Increment(ref _disposals) > 1)
            world.Faults.Enqueue("A graph was disposed twice.");
        if (Volatile.Read(ref _users) > 0)
            world.Faults.Enqueue("A graph was disposed in use.");
        await Task.Yield();
        world.Leave(wasUsed: Volatile.Read(ref _uses) > 0);
        if (isBroken)
            throw new IOException("This disposal was to fail.");
    }
}
