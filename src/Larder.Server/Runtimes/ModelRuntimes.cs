using System.Text.Json;
using Larder.Content;
using Larder.Graphs;
using Larder.Server.Configuration;
using Larder.Server.Models;

namespace Larder.Server.Runtimes;

/// <summary>All runtimes: each model goes to its own.</summary>
/// <param name="runtimes">The runtimes.</param>
/// <param name="catalog">The models that are served.</param>
/// <param name="versions">Says which version of a model answers.</param>
/// <param name="graphs">Where all of them load.</param>
internal sealed class ModelRuntimes(
    IEnumerable<IModelRuntime> runtimes,
    ModelCatalog catalog,
    ModelVersions versions,
    GraphCache graphs
)
{
    private readonly Dictionary<string, IModelRuntime> _runtimes = runtimes.ToDictionary(
        runtime => runtime.Name,
        StringComparer.Ordinal
    );

    public Task<IModelAnswer> PredictAsync(ServedModel model, JsonElement body, CancellationToken cancellationToken) =>
        AskAsync(model, version => Of(version).PredictAsync(version, body, cancellationToken));

    public Task<IModelAnswer> PredictEachAsync(
        ServedModel model,
        JsonElement body,
        CancellationToken cancellationToken
    ) => AskAsync(model, version => Of(version).PredictEachAsync(version, body, cancellationToken));

    /// <summary>Holds the version of a model that answers its requests, for tensors.</summary>
    public Task<ITensorModel> RentAsync(ServedModel model, CancellationToken cancellationToken) =>
        AskAsync(model, version => Of(version).RentAsync(version, cancellationToken));

    /// <summary>Holds just what is asked for, for tensors.</summary>
    public Task<ITensorModel> RentExactlyAsync(ServedModel model, CancellationToken cancellationToken) =>
        Of(model).RentAsync(model, cancellationToken);

    public ModelDescription? TryDescribe(ServedModel model) => Of(model).TryDescribe(model);

    public EntryKey? TryFindGraph(ServedModel model) => Of(model).TryFindGraph(model);

    /// <summary>Whether a model is loaded, in the version that it names or the one that the store has.</summary>
    public bool IsLoaded(ServedModel model) =>
        TryFindGraph(model) is { } key && graphs.Describe(key).Loaded is not null;

    /// <summary>Loads just what is asked for; for what a model's requests would be answered by, see <see cref="WarmAsync(ServedModel, CancellationToken)"/>.</summary>
    public Task<ModelLoad> LoadAsync(ServedModel model, CancellationToken cancellationToken) =>
        Of(model).LoadAsync(model, cancellationToken);

    /// <summary>Loads the version of a model that answers its requests.</summary>
    public Task<ModelLoad> WarmAsync(ServedModel model, CancellationToken cancellationToken) =>
        AskAsync(model, version => Of(version).LoadAsync(version, cancellationToken));

    /// <summary>What became of each, in the order of the models.</summary>
    public async Task<IReadOnlyList<GraphWarmth>> WarmAsync(
        IReadOnlyList<ServedModel> models,
        CancellationToken cancellationToken
    )
    {
        var warmths = new Dictionary<ServedModel, GraphWarmth>(ReferenceEqualityComparer.Instance);
        foreach (var group in models.GroupBy(Of))
        {
            var ofOne = group.ToList();
            foreach (var (model, warmth) in ofOne.Zip(await group.Key.WarmAsync(ofOne, cancellationToken)))
                warmths[model] = warmth;
        }
        return [.. models.Select(model => warmths[model])];
    }

    /// <summary>Unloads every version that nobody is using; the next request finds out anew which one answers.</summary>
    public Task<bool> UnloadAsync(ServedModel model, CancellationToken cancellationToken)
    {
        versions.Forget(model.Id);
        return Of(model).UnloadAsync(model, cancellationToken);
    }

    /// <summary>Unloads a model, in the version that it names or the one that the store has, when nobody uses it; unless one that is served needs it.</summary>
    public async Task RetireAsync(ServedModel model, CancellationToken cancellationToken = default)
    {
        // Few of many models are loaded: only for those is it worth a look at all that are served.
        if (
            TryFindGraph(model) is { } key
            && graphs.Describe(key) is { Loaded: not null } or { IsLoading: true }
            && !IsWanted(key)
        )
            await graphs.RetireAsync(key, cancellationToken);
    }

    /// <summary>The same, which nobody waits for.</summary>
    public void RetireLater(ServedModel model)
    {
        _ = RetireOrLeaveAsync();

        async Task RetireOrLeaveAsync()
        {
            try
            {
                await RetireAsync(model);
            }
            catch (Exception failure) when (failure is LarderException or ObjectDisposedException)
            {
                // The server is being stopped, and unloads everything; or the store cannot be read, and the graph goes when its room is needed.
            }
        }
    }

    // Two models may be served from the same files, and share what is loaded.
    private bool IsWanted(EntryKey key) =>
        catalog.Standings.Any(standing =>
            standing.Now.Answer is { } answer
                ? key.Equals(TryFindGraph(answer.Model))
                : !standing.IsFollowed && key.Equals(TryFindGraph(standing.Settings))
        );

    private Task<T> AskAsync<T>(ServedModel model, Func<ServedModel, Task<T>> ask) =>
        versions.AskAsync(model, ask, IsLoaded, RetireLater);

    private IModelRuntime Of(ServedModel model) => _runtimes[model.Runtime];
}
