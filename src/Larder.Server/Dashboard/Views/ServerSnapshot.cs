using Larder.Graphs;
using Larder.Pull;
using Larder.Server.Dashboard.Chains;
using Larder.Server.Dashboard.Work;

namespace Larder.Server.Dashboard.Views;

/// <summary>All that pages show, as it was at one moment.</summary>
internal sealed record ServerSnapshot
{
    public required DateTimeOffset Taken { get; init; }

    public required string StorePath { get; init; }

    public required StoreStatistics Store { get; init; }

    /// <summary>What is stored, the largest first.</summary>
    public required IReadOnlyList<CachedModel> Entries { get; init; }

    public required IReadOnlyList<PassChain> Chains { get; init; }

    public required IReadOnlyList<ModelStatus> Models { get; init; }

    public required GraphStatistics Graphs { get; init; }

    /// <summary>What is loaded, the largest first.</summary>
    public required IReadOnlyList<LoadedGraph> Loaded { get; init; }

    public required IReadOnlyList<PullStatus> Pulls { get; init; }

    public required IReadOnlyList<JobStatus> Jobs { get; init; }

    public required IReadOnlyList<RecentFailure> Failures { get; init; }

    /// <summary>What the configuration asks for and the server does not do.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Whether the models that are to be warm have been tried.</summary>
    public required bool IsReady { get; init; }

    /// <summary>Whether something moves that a reader wants to watch.</summary>
    public bool IsBusy => Pulls.Count > 0 || Jobs.Any(job => job.State == JobState.Running);

    /// <summary>The ids of the models that a stored entry answers.</summary>
    public IEnumerable<string> IdsOf(CachedModel entry) =>
        Models.Where(model => model.Stored?.Key == entry.Key).Select(model => model.Id);

    /// <summary>The ids of the models that a graph answers for; its own name where there are none.</summary>
    public string NameOf(LoadedGraph graph)
    {
        var ids = Models
            .Where(model => graph.Version is not null && model.Version == graph.Version)
            .Select(model => model.Id)
            .ToList();
        return ids.Count > 0 ? string.Join(", ", ids) : graph.Name;
    }
}
