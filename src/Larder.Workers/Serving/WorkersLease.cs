using System.Text.Json;
using Larder.Content;
using Larder.Graphs.Models;
using Larder.Pull;
using Larder.Workers.Processes;

namespace Larder.Workers.Serving;

/// <summary>Workers in use, with what it took to get them. They are not ended before this is disposed.</summary>
/// <param name="lease">The hold on them.</param>
/// <param name="loader">What takes workers that are gone out of the cache of graphs.</param>
internal sealed class WorkersLease(ModelLease<WorkerPool> lease, WorkerPoolLoader loader) : IAsyncDisposable
{
    /// <summary>The version of their files.</summary>
    public Digest Version => lease.Version;

    /// <summary>How the files were come by.</summary>
    public PullOutcome Files => lease.Files;

    /// <summary>Whether no byte of them came from the origin.</summary>
    public bool FromCache => lease.FilesFromCache;

    /// <summary>Whether the workers were there already.</summary>
    public bool GraphFromCache => lease.Graph.FromCache;

    /// <summary>Time to make the files available.</summary>
    public TimeSpan FilesTime => lease.FilesTime;

    /// <summary>Time until the workers were ready.</summary>
    public TimeSpan LoadTime => lease.LoadTime;

    /// <summary>What they take; null when they do not tell.</summary>
    public IReadOnlyList<WorkerValue>? Inputs => lease.Graph.Graph.Ready.Inputs;

    /// <summary>What they give; null when they do not tell.</summary>
    public IReadOnlyList<WorkerValue>? Outputs => lease.Graph.Graph.Ready.Outputs;

    /// <summary>Asks the next worker that is free; returns an object of at least one output.</summary>
    /// <exception cref="InvalidWorkerInputsException">The inputs do not fit the model.</exception>
    /// <exception cref="WorkerException">There was no answer.</exception>
    public Task<JsonElement> RunAsync(JsonElement inputs, TimeSpan limit, CancellationToken cancellationToken) =>
        lease.Graph.Graph.RunAsync(inputs, limit, cancellationToken);

    /// <summary>Gives the workers back.</summary>
    public async ValueTask DisposeAsync()
    {
        var (key, pool) = (lease.Graph.Key, lease.Graph.Graph);
        await lease.Graph.DisposeAsync().ConfigureAwait(false);
        // The next request starts others as it did the first time: once for all who ask, and with failures remembered.
        if (!pool.HasWorkers)
            await loader.ForgetAsync(key, pool).ConfigureAwait(false);
    }
}
