using Larder.Content.Hashing;

namespace Larder.Transfer;

/// <summary>Hashes blocks of several files at once, on processors where that is faster than one after the other.</summary>
/// <remarks>
/// Four blocks at once take as long as one alone. So a block waits a moment for those of other files that are under way, if
/// there are any: what is saved is processor time, which is what a transfer from nearby has least of. Safe for concurrent use.
/// </remarks>
internal sealed class HashLanes
{
    /// <summary>As many at once take no longer than one.</summary>
    private const int Enough = 4;

    /// <summary>Below this a file is not worth the compilation of the lanes' code; nor does it gain by them.</summary>
    private const long LeastSizeBytes = 4 << 20;

    /// <summary>About as long as it takes to hash a block: a file that has stopped delays the others by no more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(3);

    // The other processors are for what brings the blocks.
    private static readonly int MostWorkers = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly Lock _lock = new();
    private readonly Queue<Work> _waiting = new();
    private int _files;
    private int _workers;
    private bool _isWaiting;

    /// <summary>What hashes a file of some length.</summary>
    public IBlockHash NewHash(long sizeBytes) =>
        Sha256Lanes.IsFaster && sizeBytes >= LeastSizeBytes ? new LaneHash(this) : new PlatformHash();

    /// <summary>Notes that there is one more file whose blocks are worth waiting for, until it leaves.</summary>
    public void Enter() => Interlocked.Increment(ref _files);

    /// <summary>Notes that a file is done.</summary>
    public void Leave() => Interlocked.Decrement(ref _files);

    /// <summary>Appends a block to a message; done when it is.</summary>
    public Task AppendAsync(Sha256Message message, ReadOnlyMemory<byte> block)
    {
        var work = new Work(message, block);
        lock (_lock)
            _waiting.Enqueue(work);
        Begin(isPatient: true);
        return work.Task;
    }

    /// <summary>Starts a worker, if there is enough to do for it.</summary>
    private void Begin(bool isPatient)
    {
        lock (_lock)
        {
            if (!isPatient)
                _isWaiting = false;
            if (_workers == MostWorkers || _waiting.Count == 0)
                return;
            if (isPatient && IsWorthWaiting())
                return;
            _workers++;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static lanes => lanes.Run(), this, preferLocal: false);
    }

    // Within the lock.
    private bool IsWorthWaiting()
    {
        if (_waiting.Count >= Math.Min(Enough, Volatile.Read(ref _files)))
            return false;
        if (!_isWaiting)
        {
            _isWaiting = true;
            _ = WaitAsync();
        }
        return true;
    }

    private async Task WaitAsync()
    {
        // The machine's own time, and not what stands for it in tests: this is about its processors. Whoever called this has the
        // lock, so what follows must not be done on his thread, however late it is by then.
        await Task.Delay(Patience, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Begin(isPatient: false);
    }

    private void Run()
    {
        var works = new List<Work>(Sha256Lanes.Count);
        do
        {
            lock (_lock)
            {
                while (works.Count < Sha256Lanes.Count && _waiting.TryDequeue(out var work))
                    works.Add(work);
            }
            Hash(works);
            works.Clear();
        } while (GoesOn());
    }

    private bool GoesOn()
    {
        lock (_lock)
        {
            if (_waiting.Count > 0 && !IsWorthWaiting())
                return true;
            _workers--;
            return false;
        }
    }

    private static void Hash(List<Work> works)
    {
        try
        {
            Sha256Lanes.Append(
                works.Select(work => work.Message).ToArray(),
                works.Select(work => work.Block).ToArray()
            );
            works.ForEach(work => work.SetResult());
        }
        catch (Exception failure)
        {
            // Whatever it is belongs to those who wait, who would wait for ever.
            works.ForEach(work => work.TrySetException(failure));
        }
    }

    /// <summary>A block on its way into a message.</summary>
    private sealed class Work(Sha256Message message, ReadOnlyMemory<byte> block)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Sha256Message Message => message;

        public ReadOnlyMemory<byte> Block => block;
    }
}
