using System.Collections.Concurrent;

namespace Larder.HuggingFace;

/// <summary>Where the Hub led to when a file was asked for, so that it is asked once for all parts of the file.</summary>
/// <remarks>
/// The addresses are signed and good for an hour or so: nobody knows when they end, who is refused asks the Hub again. They
/// are secrets, and never leave the memory. Safe for concurrent use.
/// </remarks>
internal sealed class FileLocations : IDisposable
{
    // To forget one costs a request; to keep them all, memory that nobody gives back.
    private const int Most = 1024;

    private readonly ConcurrentDictionary<(string Scope, Uri File), Uri> _locations = new();

    // Which of two files shares one is chance, and costs no more than a wait for the head of an answer.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Where the Hub led the same asker to for a file; null when it was not asked yet.</summary>
    public Uri? Find(string scope, Uri file) => _locations.GetValueOrDefault((scope, file));

    public void Add(string scope, Uri file, Uri location)
    {
        if (_locations.Count >= Most)
            _locations.Clear();
        _locations[(scope, file)] = location;
    }

    /// <summary>Forgets a location that is good no more, unless another has taken its place.</summary>
    public void Forget(string scope, Uri file, Uri location) =>
        _locations.TryRemove(KeyValuePair.Create((scope, file), location));

    /// <summary>Waits until nobody else asks the Hub for a file; the caller disposes what is returned.</summary>
    public async Task<IDisposable> TakeTurnAsync(Uri file, CancellationToken cancellationToken)
    {
        var turn = _turns[(uint)file.GetHashCode() % _turns.Length];
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(turn);
    }

    public void Dispose() => Array.ForEach(_turns, turn => turn.Dispose());

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
