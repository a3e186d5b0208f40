using Larder.Content;
using Larder.Graphs;
using Larder.Pull;
using Larder.Server.Configuration;
using Larder.Server.Dashboard.Views;
using Larder.Server.Runtimes;

namespace Larder.Server.Dashboard.Clearing;

/// <summary>Says what a clear would do, and does it.</summary>
internal sealed class ClearPlanner(ModelCatalog catalog, ModelRuntimes runtimes, ModelCache files, GraphCache graphs)
{
    /// <summary>What a clear would do now; nothing is touched.</summary>
    public async Task<ClearPlan> PlanAsync(ClearTarget target, CancellationToken cancellationToken)
    {
        var models = ModelsOf(target);
        var entries = files.List();
        var idle = IdleVersionsOf(models, entries);
        // What was made from a loaded version is held by the graph that was loaded from it.
        var released = entries
            .Where(entry => entry.DerivedFrom is { } source && idle.Contains(source))
            .Select(entry => entry.Digest)
            .Concat(idle)
            .ToHashSet();
        var preview = await files.PreviewClearAsync(
            target.Reference,
            KeyOf(target),
            released.Contains,
            cancellationToken
        );
        return new ClearPlan(
            target,
            preview,
            [.. models.Where(model => VersionsOf(model).Any(idle.Contains)).Select(model => model.Id)]
        );
    }

    /// <summary>Unloads what nobody is using, and clears.</summary>
    public async Task<ClearResult> ClearAsync(ClearTarget target, CancellationToken cancellationToken)
    {
        foreach (var model in ModelsOf(target))
            await runtimes.UnloadAsync(model, cancellationToken);
        return target switch
        {
            { Model: { } model } => await files.ClearAsync(model.From, model.Pull, cancellationToken),
            { Entry: { } entry } => await files.ClearEntryAsync(entry, cancellationToken),
            _ => await files.ClearAsync(null, cancellationToken),
        };
    }

    private static EntryKey? KeyOf(ClearTarget target) =>
        target switch
        {
            { Model: { } model } => PullRequest.KeyOf(model.From, model.Pull),
            { Entry: { } entry } => ModelCache.KeyOf(entry),
            _ => null,
        };

    // An entry is that of all models that are pulled by it, and of those whose optimised copy it is.
    private List<ServedModel> ModelsOf(ClearTarget target) =>
        target switch
        {
            { Model: { } model } => [model],
            { Entry: { } entry } =>
            [
                .. catalog.All.Where(model =>
                    PullRequest.KeyOf(model.From, model.Pull).Digest == entry.Key
                    || (entry.DerivedFrom is { } source && VersionsOf(model).Contains(source))
                ),
            ],
            _ => [.. catalog.All],
        };

    private HashSet<Digest> IdleVersionsOf(List<ServedModel> models, IReadOnlyList<CachedModel> entries)
    {
        var wanted = models.SelectMany(VersionsOf).ToHashSet();
        foreach (var model in models)
        {
            var key = PullRequest.KeyOf(model.From, model.Pull).Digest;
            if (entries.FirstOrDefault(entry => entry.Key == key) is { } stored)
                wanted.Add(stored.Digest);
        }
        return graphs
            .ListGraphs()
            .Select(LoadedGraph.Of)
            .Where(graph => graph.Version is { } version && wanted.Contains(version))
            .GroupBy(graph => graph.Version!.Value)
            .Where(group => group.All(graph => graph.Status.Leases == 0))
            .Select(group => group.Key)
            .ToHashSet();
    }

    // The one that answers, and those beside it while versions are switched.
    private IEnumerable<Digest> VersionsOf(ServedModel model)
    {
        var now = catalog.Find(model.Id)?.Now;
        return new[]
        {
            now?.Answer?.Version,
            now?.Previous?.Version,
            now?.Next?.Version,
            runtimes.TryDescribe(model)?.Version,
        }
            .OfType<Digest>()
            .Distinct();
    }
}
