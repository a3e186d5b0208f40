using System.Text.Json;
using Larder.Content;
using Larder.Graphs;
using Larder.Onnx.Serving;
using Larder.Server.Configuration;

namespace Larder.Server.Runtimes;

/// <summary>Models in ONNX files, run in this process.</summary>
internal sealed class OnnxRuntime(OnnxModels onnx) : IModelRuntime
{
    public const string RuntimeName = "onnx";

    public string Name => RuntimeName;

    public async Task<IModelAnswer> PredictAsync(
        ServedModel model,
        JsonElement body,
        CancellationToken cancellationToken
    ) => new OnnxAnswer(await onnx.PredictAsync(ModelCatalog.RequestFor(model), body, cancellationToken));

    public async Task<IModelAnswer> PredictEachAsync(
        ServedModel model,
        JsonElement body,
        CancellationToken cancellationToken
    )
    {
        var predictions = await onnx.PredictEachAsync(ModelCatalog.RequestFor(model), body, cancellationToken);
        return new ModelAnswers([.. predictions.Select(prediction => new OnnxAnswer(prediction))]);
    }

    public async Task<ITensorModel> RentAsync(ServedModel model, CancellationToken cancellationToken) =>
        new OnnxTensorModel(await onnx.RentAsync(ModelCatalog.RequestFor(model), cancellationToken));

    public ModelDescription? TryDescribe(ServedModel model) =>
        onnx.TryDescribe(ModelCatalog.RequestFor(model)) is { } loaded
            ? new ModelDescription(loaded.Version, loaded.Inputs, loaded.Outputs)
            : null;

    public EntryKey? TryFindGraph(ServedModel model) => onnx.TryFindGraph(ModelCatalog.RequestFor(model));

    public async Task<ModelLoad> LoadAsync(ServedModel model, CancellationToken cancellationToken)
    {
        await using var lease = await onnx.RentAsync(ModelCatalog.RequestFor(model), cancellationToken);
        return new ModelLoad(
            lease.Version,
            lease.Files,
            lease.FilesFromCache,
            lease.GraphFromCache,
            lease.FilesTime,
            lease.LoadTime
        );
    }

    public Task<IReadOnlyList<GraphWarmth>> WarmAsync(
        IReadOnlyList<ServedModel> models,
        CancellationToken cancellationToken
    ) => onnx.WarmAsync([.. models.Select(ModelCatalog.RequestFor)], cancellationToken);

    public Task<bool> UnloadAsync(ServedModel model, CancellationToken cancellationToken) =>
        onnx.UnloadAsync(model.From, cancellationToken);
}
