using Larder.Content;
using Larder.Graphs.Models;
using Larder.Pull;

namespace Larder.Onnx.Serving;

/// <summary>A loaded model in use, with what it took to get it. It is not unloaded before this is disposed.</summary>
public sealed class OnnxModelLease : IAsyncDisposable, IDisposable
{
    private readonly ModelLease<LoadedModel> _lease;

    internal OnnxModelLease(ModelLease<LoadedModel> lease) => _lease = lease;

    /// <summary>The model.</summary>
    public OnnxModel Model => _lease.Graph.Graph.Model;

    /// <summary>The version of its files: the digest of their manifest.</summary>
    public Digest Version => _lease.Version;

    /// <summary>How its files were come by.</summary>
    public PullOutcome Files => _lease.Files;

    /// <summary>Whether no byte of it came from the origin.</summary>
    public bool FilesFromCache => _lease.FilesFromCache;

    /// <summary>Whether it was loaded already.</summary>
    public bool GraphFromCache => _lease.Graph.FromCache;

    /// <summary>Whether an optimised copy from the store was loaded in place of the model's own file.</summary>
    public bool IsOptimizedCopy => _lease.Graph.Graph.IsOptimizedCopy;

    /// <summary>How long it took to make the files available.</summary>
    public TimeSpan FilesTime => _lease.FilesTime;

    /// <summary>How long it took to load, or to wait for another who loaded it.</summary>
    public TimeSpan LoadTime => _lease.LoadTime;

    /// <summary>Gives the model back; never waits.</summary>
    public void Dispose() => _lease.Graph.Dispose();

    /// <summary>Gives the model back.</summary>
    public ValueTask DisposeAsync() => _lease.Graph.DisposeAsync();
}
