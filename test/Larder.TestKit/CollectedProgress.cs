using System.Collections.Concurrent;

namespace Larder.TestKit;

/// <summary>Keeps all that it is told, in the order of the telling.</summary>
public sealed class CollectedProgress<T> : IProgress<T>
{
    private readonly ConcurrentQueue<T> _told = new();

    /// <summary>What it was told.</summary>
    public IReadOnlyList<T> Told => [.. _told];

    public void Report(T value) => _told.Enqueue(value);
}
