using Larder.Content;

namespace Larder.Graphs.Tests;

/// <summary>Requests in few words.</summary>
internal static class Wish
{
    public static GraphRequest<FakeGraph> For(
        EntryKey key,
        long bytes = 0,
        GraphUse use = GraphUse.Shared,
        FakeGraph? graph = null,
        params GraphRequest[] parents
    ) =>
        new(key, (_, _) => Task.FromResult(graph ?? new FakeGraph()))
        {
            EstimatedSize = GraphSize.OfHost(bytes),
            Use = use,
            Parents = parents,
        };

    /// <summary>A graph on a device.</summary>
    public static GraphRequest<FakeGraph> On(string device, EntryKey key, long bytes, FakeGraph? graph = null) =>
        new(key, (_, _) => Task.FromResult(graph ?? new FakeGraph())) { EstimatedSize = GraphSize.On(device, bytes) };

    /// <summary>A graph that turns out to have other bytes than were estimated.</summary>
    public static GraphRequest<FakeGraph> Measured(EntryKey key, long estimate, long bytes, FakeGraph? graph = null) =>
        new(
            key,
            (load, _) =>
            {
                load.Size = GraphSize.OfHost(bytes);
                return Task.FromResult(graph ?? new FakeGraph());
            }
        )
        {
            EstimatedSize = GraphSize.OfHost(estimate),
        };

    public static GraphRequest<FakeGraph> Gated(
        EntryKey key,
        GatedLoad load,
        long bytes = 0,
        GraphUse use = GraphUse.Shared
    ) =>
        new(key, (_, cancellationToken) => load.RunAsync(cancellationToken))
        {
            EstimatedSize = GraphSize.OfHost(bytes),
            Use = use,
        };

    /// <summary>Rents as a task, whose outcome a test may look at later.</summary>
    public static Task<GraphLease<FakeGraph>> TakeAsync(
        this GraphCache cache,
        GraphRequest<FakeGraph> request,
        CancellationToken cancellationToken = default
    ) => cache.RentAsync(request, cancellationToken).AsTask();

    /// <summary>Leaves a graph idle in the cache.</summary>
    public static async Task<FakeGraph> LoadAsync(this GraphCache cache, GraphRequest<FakeGraph> request)
    {
        await using var lease = await cache.TakeAsync(request);
        return lease.Graph;
    }

    public static IEnumerable<EntryKey> LoadedKeys(this GraphCache cache) =>
        cache.ListGraphs().Select(graph => graph.Key);

    public static DeviceStatistics Device(this GraphCache cache, string device = GraphDevice.Host) =>
        cache.GetStatistics().Devices.Single(other => other.Device == device);
}
