using Larder.Content;
using Larder.Graphs;
using Larder.Pull;

namespace Larder.Onnx.Serving;

/// <summary>A loaded model in use, with what it took to get it. It is not unloaded before this is disposed.</summary>
public sealed class OnnxModelLease : IAsyncDisposable, IDisposable
{
    private readonly GraphLease<LoadedModel> _lease;

    internal OnnxModelLease(GraphLease<LoadedModel> lease, Digest version, PullOutcome files, bool filesFromCache)
    {
        _lease = lease;
        Version = version;
        Files = files;
        FilesFromCache = filesFromCache;
    }

    /// <summary>The model.</summary>
    public OnnxModel Model => _lease.Graph.Model;

    /// <summary>The version of its files: the digest of their manifest.</summary>
    public Digest Version { get; }

    /// <summary>How its files were come by.</summary>
    public PullOutcome Files { get; }

    /// <summary>Whether no byte of it came from the origin.</summary>
    public bool FilesFromCache { get; }

    /// <summary>Whether it was loaded already.</summary>
    public bool GraphFromCache => _lease.FromCache;

    /// <summary>Whether an optimised copy from the store was loaded in place of the model's own file.</summary>
    public bool IsOptimizedCopy => _lease.Graph.IsOptimizedCopy;

    /// <summary>How long it took to make the files available.</summary>
    public TimeSpan FilesTime { get; internal init; }

    /// <summary>How long it took to load, or to wait for another who loaded it.</summary>
    public TimeSpan LoadTime { get; internal init; }

    /// <summary>Gives the model back; never waits.</summary>
    public void Dispose() => _lease.Dispose();

    /// <summary>Gives the model back.</summary>
    public ValueTask DisposeAsync() => _lease.DisposeAsync();
}
