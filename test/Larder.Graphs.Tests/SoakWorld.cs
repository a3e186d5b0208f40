using System.Collections.Concurrent;
using Larder.Content;

namespace Larder.Graphs.Tests;

/// <summary>Makes graphs that check how a cache treats them, and keeps what it did wrong.</summary>
internal sealed class SoakWorld(int maxGraphs, long maxBytes)
{
    private readonly ConcurrentDictionary<EntryKey, CancellationToken> _loading = new();
    private int _alive;
    private long _aliveBytes;
    private int _loads;
    private int _loaded;
    private int _neverUsed;

    public ConcurrentQueue<string> Faults { get; } = new();

    public int Loads => _loads;

    public int Loaded => _loaded;

    public int NeverUsed => _neverUsed;

    public int Alive => _alive;

    public long AliveBytes => _aliveBytes;

    public async Task<SoakGraph> LoadAsync(
        EntryKey key,
        SoakGraph? parent,
        long bytes,
        int chance,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _loads);
        if (Interlocked.Increment(ref _alive) > maxGraphs)
            Faults.Enqueue("More graphs than the limit.");
        if (Interlocked.Add(ref _aliveBytes, bytes) > maxBytes)
            Faults.Enqueue("More bytes than the limit.");
        _loading.AddOrUpdate(
            key,
            cancellationToken,
            (_, other) =>
            {
                // A cancelled load may well begin or end beside its successor.
                if (cancellationToken.IsCancellationRequested)
                    return other;
                if (!other.IsCancellationRequested)
                    Faults.Enqueue("Two loads of one key at once.");
                return cancellationToken;
            }
        );
        try
        {
            for (var i = 0; i < chance % 7; i++)
                await Task.Yield();
            if (chance % 5 is 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (chance % 11 is 0)
                throw new IOException("This load was to fail.");
            // Before the graph is handed over: the cache may let the next load of this key begin at once.
            Interlocked.Increment(ref _loaded);
            return new SoakGraph(this, parent, bytes, isBroken: chance % 13 is 0).Joined();
        }
        catch
        {
            Gone(bytes);
            throw;
        }
        finally
        {
            _loading.TryRemove(new(key, cancellationToken));
        }
    }

    public void Leave(long bytes, bool wasUsed)
    {
        if (!wasUsed)
            Interlocked.Increment(ref _neverUsed);
        Gone(bytes);
    }

    private void Gone(long bytes)
    {
        Interlocked.Add(ref _aliveBytes, -bytes);
        Interlocked.Decrement(ref _alive);
    }
}
