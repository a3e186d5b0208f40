using System.Text.Json;
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

    /// <summary>Tells of a model that is loaded at this moment; null when it is not. This is no use of it.</summary>
    ModelDescription? TryDescribe(ServedModel model);

    /// <summary>Pulls models and loads them into free room; tells what became of each, in their order.</summary>
    Task<IReadOnlyList<GraphWarmth>> WarmAsync(IReadOnlyList<ServedModel> models, CancellationToken cancellationToken);

    /// <summary>Unloads every version of a model that nobody is using; returns whether none is left loaded.</summary>
    Task<bool> UnloadAsync(ServedModel model, CancellationToken cancellationToken);
}
