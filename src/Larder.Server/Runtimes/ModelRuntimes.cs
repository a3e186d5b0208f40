using System.Text.Json;
using Larder.Graphs;
using Larder.Server.Configuration;

namespace Larder.Server.Runtimes;

/// <summary>All runtimes: each model goes to its own.</summary>
internal sealed class ModelRuntimes(IEnumerable<IModelRuntime> runtimes)
{
    private readonly Dictionary<string, IModelRuntime> _runtimes = runtimes.ToDictionary(
        runtime => runtime.Name,
        StringComparer.Ordinal
    );

    public Task<IModelAnswer> PredictAsync(ServedModel model, JsonElement body, CancellationToken cancellationToken) =>
        Of(model).PredictAsync(model, body, cancellationToken);

    public Task<IModelAnswer> PredictEachAsync(
        ServedModel model,
        JsonElement body,
        CancellationToken cancellationToken
    ) => Of(model).PredictEachAsync(model, body, cancellationToken);

    public ModelDescription? TryDescribe(ServedModel model) => Of(model).TryDescribe(model);

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

    public Task<bool> UnloadAsync(ServedModel model, CancellationToken cancellationToken) =>
        Of(model).UnloadAsync(model, cancellationToken);

    private IModelRuntime Of(ServedModel model) => _runtimes[model.Runtime];
}
