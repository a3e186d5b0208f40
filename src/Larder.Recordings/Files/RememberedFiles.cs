using Larder.Store;

namespace Larder.Recordings.Files;

/// <summary>What files held when they were last read, as long as they have not changed since; the least recently used goes first.</summary>
/// <remarks>Safe for many threads. Whether a file has changed, its status tells: its size, its times and which file it is.</remarks>
internal sealed class RememberedFiles(long mostBytes, TimeProvider timeProvider)
{
    // What stands for the objects around a text, so that many small ones count too.
    private const int Overhead = 1024;

    // Times of files move in steps of some milliseconds: a file that changed this lately may change again within its step.
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();

    // Under the lock; the most recently used first.
    private readonly Dictionary<string, LinkedListNode<Remembered>> _files = new(StringComparer.Ordinal);
    private readonly LinkedList<Remembered> _order = new();
    private long _bytes;

    /// <summary>What a file held; null when nobody knows any more, or it has changed.</summary>
    public T? Find<T>(string file, in FileStatus status)
        where T : class
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(file, out var node))
                return null;
            if (node.Value.Status != status)
            {
                Remove(node);
                return null;
            }
            if (_order.First != node)
            {
                _order.Remove(node);
                _order.AddFirst(node);
            }
            return node.Value.Content as T;
        }
    }

    /// <summary>Remembers what a file held when it had this status.</summary>
    public void Keep(string file, in FileStatus status, object content)
    {
        var changed = DateTimeOffset.UnixEpoch.AddTicks(status.ChangedNanoseconds / TimeSpan.NanosecondsPerTick);
        var bytes = status.SizeBytes + Overhead;
        if (bytes > mostBytes || timeProvider.GetUtcNow() - changed < Settled)
            return;
        lock (_lock)
        {
            if (_files.TryGetValue(file, out var older))
                Remove(older);
            _files.Add(file, _order.AddFirst(new Remembered(file, status, content, bytes)));
            _bytes += bytes;
            while (_bytes > mostBytes)
                Remove(_order.Last!);
        }
    }

    private void Remove(LinkedListNode<Remembered> node)
    {
        _order.Remove(node);
        _files.Remove(node.Value.File);
        _bytes -= node.Value.Bytes;
    }

    private sealed record Remembered(string File, FileStatus Status, object Content, long Bytes);
}
