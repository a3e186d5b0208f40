using Larder.Content;
using Larder.Graphs;
using Larder.Graphs.Models;
using Larder.Origins;
using Larder.Pull;
using Larder.Workers.Processes;
using Microsoft.Extensions.Logging;

namespace Larder.Workers.Serving;

/// <summary>Starts workers for the cache of graphs.</summary>
internal sealed class WorkerPoolLoader(GraphCache graphs, TimeProvider timeProvider, ILogger logger)
    : IModelLoader<WorkerPool, WorkerSettings, WorkerModelDescription>
{
    public EntryKey KeyOf(Manifest files, WorkerSettings settings) => settings.Program.KeyFor(files.Digest);

    public GraphSize Estimate(Manifest files, WorkerSettings settings) =>
        settings.Program.EstimatedBytes is { } bytes ? GraphSize.OfHost(bytes) : GraphSize.Unknown;

    public async Task<WorkerPool> LoadAsync(
        GraphLoad load,
        Snapshot files,
        ModelReference reference,
        WorkerSettings settings,
        CancellationToken cancellationToken
    )
    {
        var start = new WorkerStart(settings.Program, files.Path, reference.Text, timeProvider, logger);
        var pool = await WorkerPool.StartAsync(start, files, cancellationToken).ConfigureAwait(false);
        if (pool.MeasureBytes() is { } bytes)
            load.Size = GraphSize.OfHost(Math.Min(bytes, GraphSize.MaxBytes));
        var key = load.Key;
        pool.Emptied = () => _ = ForgetAsync(key, pool);
        return pool;
    }

    public WorkerModelDescription Describe(Digest version, WorkerPool graph) =>
        new(version, graph.Ready.Name, graph.Ready.Inputs, graph.Ready.Outputs);

    /// <summary>Takes workers that are gone out of the cache; those that somebody is asking start others themselves.</summary>
    public async Task ForgetAsync(EntryKey key, WorkerPool pool)
    {
        try
        {
            await graphs.RemoveAsync(key, only: pool, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The end of the cache ends them all.
        }
    }
}
