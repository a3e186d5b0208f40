using System.Text.Json;
using Larder.Content;
using Larder.Graphs;
using Larder.Server.Configuration;

namespace Larder.Server.Runtimes;

/// <summary>What loads models and runs them. A model names its own with <c>runtime</c>.</summary>
/// <remarks>Safe for concurrent use. What is loaded lies in the cache of graphs, whichever runtime loaded it.</remarks>
internal interface IModelRuntime
{
    /// <summary>The name in the configuration, such as <c>onnx</c>.</summary>
    string Name { get; }

    /// <summary>Answers a request <c>{"inputs": {name: value}}</c>; pulls and loads the model first if need be.</summary>
    /// <exception cref="LarderException">The inputs do not fit, or the model could not be had.</exception>
    Task<IModelAnswer> PredictAsync(ServedModel model, JsonElement body, CancellationToken cancellationToken);

    /// <summary>Answers a request <c>{"instances": [{name: value}, …]}</c>, all of it by the same version.</summary>
    /// <exception cref="LarderException">Instances do not fit, or the model could not be had.</exception>
    Task<IModelAnswer> PredictEachAsync(ServedModel model, JsonElement body, CancellationToken cancellationToken);

    /// <summary>Holds a model for requests with tensors; pulls and loads it first if need be.</summary>
    /// <exception cref="LarderException">It could not be had.</exception>
    Task<ITensorModel> RentAsync(ServedModel model, CancellationToken cancellationToken);

    /// <summary>Tells of a model that is loaded at this moment; null when it is not. This is no use of it.</summary>
    ModelDescription? TryDescribe(ServedModel model);

    /// <summary>The key that the model's graph has in the cache of graphs, as far as the store can tell; null when it is not stored.</summary>
    EntryKey? TryFindGraph(ServedModel model);

    /// <summary>Pulls a model and loads it as a prediction would, making room for it, and tells what that took.</summary>
    /// <exception cref="LarderException">It could not be had.</exception>
    Task<ModelLoad> LoadAsync(ServedModel model, CancellationToken cancellationToken);

    /// <summary>Pulls models and loads them into free room; tells what became of each, in their order.</summary>
    Task<IReadOnlyList<GraphWarmth>> WarmAsync(IReadOnlyList<ServedModel> models, CancellationToken cancellationToken);

    /// <summary>Unloads every version of a model that nobody is using; returns whether none is left loaded.</summary>
    Task<bool> UnloadAsync(ServedModel model, CancellationToken cancellationToken);
}
