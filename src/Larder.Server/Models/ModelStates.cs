using Larder.Graphs;
using Larder.Server.Http;
using Larder.Server.Runtimes;

namespace Larder.Server.Models;

/// <summary>Tells how the served models stand; none of it is a use of them.</summary>
internal sealed class ModelStates(
    ModelCatalog catalog,
    ModelRuntimes runtimes,
    ModelCache files,
    GraphCache graphs,
    TimeProvider timeProvider
)
{
    /// <summary>All of them, by id.</summary>
    /// <exception cref="Store.StoreException">The store cannot be read.</exception>
    public IReadOnlyList<ModelState> List() => [.. catalog.Standings.Select(Of)];

    /// <summary>One of them; null when there is no such model.</summary>
    /// <exception cref="Store.StoreException">The store cannot be read.</exception>
    public ModelState? Find(string id) => catalog.Find(id) is { } standing ? Of(standing) : null;

    private ModelState Of(ModelStanding standing)
    {
        var (settings, now) = (standing.Settings, standing.Now);
        var answering = now.Answer?.Model ?? settings;
        var stored = files.Find(settings.From, settings.Pull);
        var graph = runtimes.TryFindGraph(answering) is { } key ? graphs.Describe(key) : null;
        // Without a version that answers, what the store has is what the next request would load.
        var loaded = graph?.Loaded is null ? null : runtimes.TryDescribe(answering);
        var failure =
            graph?.Failure ?? (now.Answer is null ? now.NextFailure?.Failure ?? now.AskFailure?.Failure : null);
        return new ModelState
        {
            Model = settings,
            State =
                graph?.Loaded is not null ? "loaded"
                : graph?.IsLoading == true ? "loading"
                : failure is not null ? "failed"
                : stored is not null ? "stored"
                : "not_stored",
            Version = now.Answer?.Version ?? loaded?.Version ?? stored?.Digest,
            Previous = now.Previous?.Version,
            Next = now.Next?.Version,
            NextFailure = ProblemOf(now.NextFailure?.Failure),
            Failure = graph?.Loaded is null ? ProblemOf(failure) : null,
            FailedUntil =
                failure is null || graph?.Loaded is not null ? null
                : failure is GraphLoadException remembered ? timeProvider.GetUtcNow() + remembered.RetryAfter
                : now.AskAt < DateTimeOffset.MaxValue ? now.AskAt
                : null,
            OriginFailure = ProblemOf(now.AskFailure?.Failure),
            Loaded = loaded,
            IsPinned = stored?.Pinned == true,
            LastUsed = standing.LastUsed ?? stored?.LastUsed,
            Checked = now.Answer?.Checked ?? stored?.Checked,
            Bytes = stored?.SizeBytes,
            MemoryBytes = graph?.Loaded?.Size.TotalBytes,
        };

        // As a caller would be told, who is not told of paths of this machine.
        Problem? ProblemOf(Exception? failure) =>
            failure is null ? null : Problems.Of(failure, settings.Id) ?? Problems.Unforeseen;
    }
}
