using System.Text.Json;
using Larder.Content;
using Larder.Graphs;
using Larder.Pull;
using Larder.Workers.Processes;

namespace Larder.Workers.Serving;

/// <summary>Workers in use, with what it took to get them. They are not ended before this is disposed.</summary>
/// <param name="graph">The hold on them.</param>
/// <param name="forget">Takes workers that are gone out of the cache of graphs.</param>
internal sealed class WorkersLease(GraphLease<WorkerPool> graph, Func<EntryKey, WorkerPool, Task> forget)
    : IAsyncDisposable
{
    /// <summary>The version of their files.</summary>
    public required Digest Version { get; init; }

    /// <summary>How the files were come by.</summary>
    public required PullOutcome Files { get; init; }

    /// <summary>Whether no byte of them came from the origin.</summary>
    public required bool FromCache { get; init; }

    /// <summary>Whether the workers were there already.</summary>
    public bool GraphFromCache => graph.FromCache;

    /// <summary>Time to make the files available.</summary>
    public required TimeSpan FilesTime { get; init; }

    /// <summary>Time until the workers were ready.</summary>
    public required TimeSpan LoadTime { get; init; }

    /// <summary>What they take; null when they do not tell.</summary>
    public IReadOnlyList<WorkerValue>? Inputs => graph.Graph.Ready.Inputs;

    /// <summary>What they give; null when they do not tell.</summary>
    public IReadOnlyList<WorkerValue>? Outputs => graph.Graph.Ready.Outputs;

    /// <summary>Asks the next worker that is free; returns an object of at least one output.</summary>
    /// <exception cref="InvalidWorkerInputsException">The inputs do not fit the model.</exception>
    /// <exception cref="WorkerException">There was no answer.</exception>
    public Task<JsonElement> RunAsync(JsonElement inputs, TimeSpan limit, CancellationToken cancellationToken) =>
        graph.Graph.RunAsync(inputs, limit, cancellationToken);

    /// <summary>Gives the workers back.</summary>
    public async ValueTask DisposeAsync()
    {
        var (key, pool) = (graph.Key, graph.Graph);
        await graph.DisposeAsync().ConfigureAwait(false);
        // The next request starts others as it did the first time: once for all who ask, and with failures remembered.
        if (!pool.HasWorkers)
            await forget(key, pool).ConfigureAwait(false);
    }
}
