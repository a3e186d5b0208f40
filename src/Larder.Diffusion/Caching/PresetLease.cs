using Larder.Content;
using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;
using Larder.Graphs;
using Larder.Passes.Running;
using Larder.Pull;

namespace Larder.Diffusion.Caching;

/// <summary>A preset's graph in use, with what it took to get it. Neither it nor its models are unloaded before this is disposed.</summary>
/// <remarks>Any number of runs may be under way at once. None may be when this is disposed: the models may go then.</remarks>
public sealed class PresetLease : IAsyncDisposable, IDisposable
{
    private readonly GraphLease<LoadedPreset> _lease;

    internal PresetLease(GraphLease<LoadedPreset> lease, Digest version, PullOutcome files)
    {
        _lease = lease;
        Version = version;
        Files = files;
    }

    /// <summary>The graph, with the inputs and outputs of <see cref="Presets.PresetPorts"/>.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been disposed.</exception>
    public InferenceGraph Graph => _lease.Graph.Graph;

    /// <summary>The models that it runs on; they belong to the cache.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been disposed.</exception>
    public VideoModels Models => _lease.Graph.Models.Models;

    /// <summary>The version of the models' files: the digest of their manifest.</summary>
    public Digest Version { get; }

    /// <summary>How their files were come by.</summary>
    public PullOutcome Files { get; }

    /// <summary>Whether no byte of them came from the origin.</summary>
    public bool FilesFromCache { get; internal init; } = true;

    /// <summary>Whether the graph was built already.</summary>
    public bool GraphFromCache => _lease.FromCache;

    /// <summary>Whether the models were loaded already, for this preset or for another.</summary>
    public bool ModelsFromCache { get; internal init; } = true;

    /// <summary>What was done to make the denoiser, and which store had the answer; none where it is the models' own or was loaded already.</summary>
    public IReadOnlyList<PassResult> Passes { get; internal init; } = [];

    /// <summary>How long it took to make the files available.</summary>
    public TimeSpan FilesTime { get; internal init; }

    /// <summary>How long it took to make the denoiser, or to wait for another who made it.</summary>
    public TimeSpan VariantTime { get; internal init; }

    /// <summary>How long it took to load the models and build the graph, or to wait for another who did.</summary>
    public TimeSpan LoadTime { get; internal init; }

    /// <summary>Gives the graph back; never waits.</summary>
    public void Dispose() => _lease.Dispose();

    /// <summary>Gives the graph back.</summary>
    public ValueTask DisposeAsync() => _lease.DisposeAsync();
}
