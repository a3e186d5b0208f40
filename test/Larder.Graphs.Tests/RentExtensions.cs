using Larder.Content;

namespace Larder.Graphs.Tests;

internal static class RentExtensions
{
    /// <summary>Rents as a task, whose outcome a test may look at later.</summary>
    public static Task<GraphLease<FakeGraph>> RentAsync(
        this GraphCache cache,
        EntryKey key,
        GatedLoad load,
        CancellationToken cancellationToken = default
    ) => cache.RentAsync(key, load.RunAsync, cancellationToken).AsTask();

    /// <summary>Rents what is made at once.</summary>
    public static Task<GraphLease<FakeGraph>> RentAsync(this GraphCache cache, EntryKey key, FakeGraph? graph = null) =>
        cache.RentAsync(key, _ => Task.FromResult(graph ?? new FakeGraph())).AsTask();

    /// <summary>Rents what must be there already.</summary>
    public static Task<GraphLease<FakeGraph>> RentLoadedAsync(this GraphCache cache, EntryKey key) =>
        cache
            .RentAsync<FakeGraph>(key, _ => throw new InvalidOperationException($"Graph {key} should have been there."))
            .AsTask();

    /// <summary>Leaves a graph idle in the cache.</summary>
    public static async Task<FakeGraph> LoadAsync(this GraphCache cache, EntryKey key, FakeGraph? graph = null)
    {
        await using var lease = await cache.RentAsync(key, graph);
        return lease.Graph;
    }
}
