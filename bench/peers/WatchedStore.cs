using System.Collections.Concurrent;
using System.Diagnostics;
using Larder.Content;
using Larder.Sharing;

namespace Peers;

/// <summary>A shared store that notes what is asked of another one, and when.</summary>
internal sealed class WatchedStore(ISharedStore store) : ISharedStore
{
    private readonly ConcurrentQueue<Call> _calls = new();
    private long _bytesRead;

    public string Name => store.Name;

    public string Location => store.Location;

    /// <summary>How many bytes of blobs have been read.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>How many questions were asked before the first blob was opened.</summary>
    public int Questions => Asked().Count;

    /// <summary>How many of those questions had to wait for the answer of another, and that one for another's, at most.</summary>
    public int RoundTrips
    {
        get
        {
            var depths = new List<(long End, int Depth)>();
            foreach (var call in Asked().OrderBy(call => call.Start))
                depths.Add(
                    (
                        call.End,
                        1 + depths.Where(one => one.End <= call.Start).Select(one => one.Depth).DefaultIfEmpty().Max()
                    )
                );
            return depths.Select(one => one.Depth).DefaultIfEmpty().Max();
        }
    }

    /// <summary>From the first question to the last answer before the first blob was opened.</summary>
    public TimeSpan Resolved
    {
        get
        {
            var asked = Asked();
            return Stopwatch.GetElapsedTime(asked.Min(call => call.Start), asked.Max(call => call.End));
        }
    }

    public Task<SharedDocument?> TryReadAsync(string name, int mostBytes, CancellationToken cancellationToken) =>
        NoteAsync(() => store.TryReadAsync(name, mostBytes, cancellationToken));

    public Task<SharedObject?> TryStatAsync(string name, CancellationToken cancellationToken) =>
        NoteAsync(() => store.TryStatAsync(name, cancellationToken));

    public async Task<Stream> OpenAsync(SharedObject seen, ByteRange? range, CancellationToken cancellationToken)
    {
        _calls.Enqueue(new Call(Stopwatch.GetTimestamp(), long.MaxValue, IsBlob: true));
        Interlocked.Add(ref _bytesRead, range?.Length ?? seen.SizeBytes);
        return await store.OpenAsync(seen, range, cancellationToken);
    }

    public Task<SharedObject?> TryWriteAsync(
        string name,
        ReadOnlyMemory<byte> content,
        SharedCondition condition,
        CancellationToken cancellationToken
    ) => store.TryWriteAsync(name, content, condition, cancellationToken);

    public Task UploadAsync(
        string name,
        SharedUpload file,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    ) => store.UploadAsync(name, file, progress, cancellationToken);

    public IAsyncEnumerable<SharedObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
        store.ListAsync(prefix, cancellationToken);

    public Task<bool> TryDeleteAsync(SharedObject seen, CancellationToken cancellationToken) =>
        store.TryDeleteAsync(seen, cancellationToken);

    private async Task<T> NoteAsync<T>(Func<Task<T>> ask)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await ask();
        _calls.Enqueue(new Call(start, Stopwatch.GetTimestamp(), IsBlob: false));
        return answer;
    }

    private List<Call> Asked()
    {
        var firstBlob = _calls
            .Where(call => call.IsBlob)
            .Select(call => call.Start)
            .DefaultIfEmpty(long.MaxValue)
            .Min();
        return [.. _calls.Where(call => !call.IsBlob && call.Start < firstBlob)];
    }

    private readonly record struct Call(long Start, long End, bool IsBlob);
}
