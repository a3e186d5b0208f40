using System.Diagnostics.CodeAnalysis;
using Larder.Content;

namespace Larder.Pull;

/// <summary>A snapshot that goes to whoever takes it first: the load, or the end of the call that pulled it.</summary>
internal sealed class PulledFiles(Snapshot snapshot) : IDisposable
{
    [SuppressMessage("Usage", "CA2213", Justification = "Dispose takes it out of the field to dispose it.")]
    private Snapshot? _snapshot = snapshot;

    public string Path { get; } = snapshot.Path;

    public Manifest Manifest { get; } = snapshot.Manifest;

    public PullOutcome Outcome { get; } = snapshot.Outcome;

    public bool FromCache { get; } = snapshot.FromCache;

    /// <summary>The snapshot, which then is the caller's to dispose; null when it is gone.</summary>
    public Snapshot? Take() => Interlocked.Exchange(ref _snapshot, null);

    public void Dispose() => Take()?.Dispose();
}
